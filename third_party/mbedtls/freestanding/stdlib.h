// Included by Mbed TLS, but SHA-256 calls nothing of it.
#pragma once
