// Included by Mbed TLS for static_assert, which is a keyword in C23.
#pragma once
