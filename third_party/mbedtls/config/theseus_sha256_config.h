// The part of Mbed TLS that is built: SHA-256, nothing else.
#pragma once
#define MBEDTLS_SHA256_C
