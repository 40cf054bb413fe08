/* The compiled core: the twin of autograd/value.py and autograd/reverse.py.

One translation unit, so that the compiler sees everything at once:
tape.h (records and their lifetimes), special.h and rows.h (the table), value.h
(the Python object and the operators), nary.h, reverse.h (on floats), nodes.h (on
nodes), and type.h with the type and the module (layer.h and steps.h are what nn asks of it). Everything runs under the interpreter's lock.
*/

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define INLINED inline __attribute__((always_inline))
#define SELDOM __attribute__((noinline, cold))
/* -fno-builtin keeps the compiler from replacing libm's answers by its own; these
   are exact whoever computes them. */
#define fabs __builtin_fabs
#define sqrt __builtin_sqrt
#define copysign __builtin_copysign
#define memcpy __builtin_memcpy
#else
#define LIKELY(x) (x)
#define UNLIKELY(x) (x)
#define INLINED inline
#define SELDOM
#endif

#if FLT_EVAL_METHOD > 0
#error "doubles must be computed as doubles: the pure engine is used instead"
#endif

/* What is known of a row */
typedef struct {
    const char *name;
    uint8_t arity;    /* of an n-ary row: not used */
    uint8_t partials; /* a bit for each argument that has one */
    uint8_t traits;
    uint16_t own_flags; /* that each of its nodes has */
} Row;

enum { SELECTS = 1, NARY = 2, VALUE_IN_PYTHON = 4, PARTIALS_IN_PYTHON = 8, PLAIN = 16 };

/* A step of a formula: a row on arguments (0 to 2), y (3), earlier steps (4 on) or
   numbers (-1 down); `plain` if it is computed and not recorded. */
typedef struct {
    uint16_t op;
    uint8_t plain;
    int8_t on[3];
} Step;

typedef struct {
    const Step *steps;
    uint8_t count;
    int8_t result;
    uint8_t known; /* 0: only Python can tell */
} Formula;

#include "tape.h"
#include "special.h"
#include "rows.h"
#include "value.h"
#include "nary.h"
#include "reverse.h"
#include "nodes.h"
#include "type.h"
