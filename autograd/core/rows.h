/* Written by `python -m autograd.core.generate` from primitives.py: edit that.
   Value and partials of each row, on doubles. */

enum {
    OP_LEAF,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LOGICAL_AND,
    OP_LOGICAL_OR,
    OP_WHERE,
    OP_MAXIMUM,
    OP_MINIMUM,
    OP_FMAX,
    OP_FMIN,
    OP_CLIP,
    OP_POSITIVE,
    OP_NEGATIVE,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_OVER_SQUARE,
    OP_REMAINDER,
    OP_FLOOR_DIVIDE,
    OP_RECIPROCAL,
    OP_SQUARE,
    OP_ABS,
    OP_SIGN,
    OP_FLOOR,
    OP_CEIL,
    OP_TRUNC,
    OP_ROUND,
    OP_ROUND_TO,
    OP_COPYSIGN,
    OP_POW,
    OP_SQRT,
    OP_CBRT,
    OP_EXP,
    OP_EXP2,
    OP_EXPM1,
    OP_LOG,
    OP_LOG2,
    OP_LOG10,
    OP_LOG1P,
    OP_LOGADDEXP,
    OP_XLOGY,
    OP_SIN,
    OP_COS,
    OP_TAN,
    OP_SINPI,
    OP_COSPI,
    OP_SINC,
    OP_ASIN,
    OP_ACOS,
    OP_ATAN,
    OP_ATAN2,
    OP_HYPOT,
    OP_SINH,
    OP_COSH,
    OP_TANH,
    OP_ASINH,
    OP_ACOSH,
    OP_ATANH,
    OP_SIGMOID,
    OP_LOGSIGMOID,
    OP_SOFTPLUS,
    OP_RELU,
    OP_LEAKY_RELU,
    OP_ELU,
    OP_SELU,
    OP_SILU,
    OP_MISH,
    OP_SOFTSIGN,
    OP_GELU,
    OP_GELU_TANH,
    OP_GELU_EXP,
    OP_ERF,
    OP_ERFC,
    OP_GAUSSIAN,
    OP_NORMAL_PDF,
    OP_NDTR,
    OP_LGAMMA,
    OP_DIGAMMA,
    OP_POLYGAMMA,
    OP_SUM,
    OP_PROD,
    OP_DOT,
    OP_MEAN,
    OP_VARIANCE,
    OP_STD,
    OP_NORM,
    OP_MAX,
    OP_MIN,
    OP_LOGSUMEXP,
    OP_SOFTMAX,
    OP_LOG_SOFTMAX,
    OP_CUSTOM, /* a row made by the user */
    OP_COUNT
};

static inline double value_less(double, double);
static inline double value_less_equal(double, double);
static inline double value_greater(double, double);
static inline double value_greater_equal(double, double);
static inline double value_equal(double, double);
static inline double value_not_equal(double, double);
static inline double value_logical_and(double, double);
static inline double value_logical_or(double, double);
static inline double value_where(double, double, double);
static inline double value_maximum(double, double);
static inline double value_minimum(double, double);
static inline double value_fmax(double, double);
static inline double value_fmin(double, double);
static inline double value_clip(double, double, double);
static inline double value_positive(double);
static inline double value_negative(double);
static inline double value_add(double, double);
static inline double value_subtract(double, double);
static inline double value_multiply(double, double);
static inline double value_divide(double, double);
static inline double value_over_square(double, double);
static inline double value_reciprocal(double);
static inline double value_square(double);
static inline double value_abs(double);
static inline double value_sign(double);
static inline double value_floor(double);
static inline double value_ceil(double);
static inline double value_trunc(double);
static inline double value_round(double);
static inline double value_copysign(double, double);
static inline double value_pow(double, double);
static inline double value_sqrt(double);
static inline double value_exp(double);
static inline double value_exp2(double);
static inline double value_expm1(double);
static inline double value_log(double);
static inline double value_log2(double);
static inline double value_log10(double);
static inline double value_log1p(double);
static inline double value_xlogy(double, double);
static inline double value_sin(double);
static inline double value_cos(double);
static inline double value_tan(double);
static inline double value_asin(double);
static inline double value_acos(double);
static inline double value_atan(double);
static inline double value_atan2(double, double);
static inline double value_sinh(double);
static inline double value_cosh(double);
static inline double value_tanh(double);
static inline double value_asinh(double);
static inline double value_acosh(double);
static inline double value_atanh(double);
static inline double value_sigmoid(double);
static inline double value_logsigmoid(double);
static inline double value_softplus(double);
static inline double value_relu(double);
static inline double value_leaky_relu(double, double);
static inline double value_elu(double, double);
static inline double value_selu(double);
static inline double value_silu(double);
static inline double value_mish(double);
static inline double value_softsign(double);
static inline double value_gelu(double);
static inline double value_erf(double);

static inline double value_less(double x0, double x1)
{
    const double t1 = (x0 < x1);
    return t1;
}

static inline double value_less_equal(double x0, double x1)
{
    const double t1 = (x0 <= x1);
    return t1;
}

static inline double value_greater(double x0, double x1)
{
    const double t1 = (x0 > x1);
    return t1;
}

static inline double value_greater_equal(double x0, double x1)
{
    const double t1 = (x0 >= x1);
    return t1;
}

static inline double value_equal(double x0, double x1)
{
    const double t1 = (x0 == x1);
    return t1;
}

static inline double value_not_equal(double x0, double x1)
{
    const double t1 = (x0 != x1);
    return t1;
}

static inline double value_logical_and(double x0, double x1)
{
    const double t1 = (x0 && x1);
    return t1;
}

static inline double value_logical_or(double x0, double x1)
{
    const double t1 = (x0 || x1);
    return t1;
}

static inline double value_where(double x0, double x1, double x2)
{
    double t1;
    if (x0) {
        t1 = x1;
    } else {
        t1 = x2;
    }
    return t1;
}

static inline double partial1_where(double x0, double x1, double x2, double y)
{
    (void)x1; (void)x2; (void)y;
    double t1;
    if (x0) {
        t1 = 1.0;
    } else {
        t1 = 0.0;
    }
    return t1;
}

static inline double partial2_where(double x0, double x1, double x2, double y)
{
    (void)x1; (void)x2; (void)y;
    double t1;
    if (x0) {
        t1 = 0.0;
    } else {
        t1 = 1.0;
    }
    return t1;
}

static inline double value_maximum(double x0, double x1)
{
    const double t1 = ((x0 >= x1 || x0 != x0) ? x0 : x1);
    return t1;
}

static inline double partial0_maximum(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x0 > x1);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        const double t3 = (x0 < x1);
        double t4;
        if (t3) {
            t4 = 0.0;
        } else {
            const double t5 = (x0 == x1);
            double t6;
            if (t5) {
                t6 = 0.5;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double partial1_maximum(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x1 > x0);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        const double t3 = (x1 < x0);
        double t4;
        if (t3) {
            t4 = 0.0;
        } else {
            const double t5 = (x0 == x1);
            double t6;
            if (t5) {
                t6 = 0.5;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_minimum(double x0, double x1)
{
    const double t1 = ((x0 <= x1 || x0 != x0) ? x0 : x1);
    return t1;
}

static inline double partial0_minimum(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x0 < x1);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        const double t3 = (x0 > x1);
        double t4;
        if (t3) {
            t4 = 0.0;
        } else {
            const double t5 = (x0 == x1);
            double t6;
            if (t5) {
                t6 = 0.5;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double partial1_minimum(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x1 < x0);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        const double t3 = (x1 > x0);
        double t4;
        if (t3) {
            t4 = 0.0;
        } else {
            const double t5 = (x0 == x1);
            double t6;
            if (t5) {
                t6 = 0.5;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_fmax(double x0, double x1)
{
    const double t1 = ((x0 >= x1 || x1 != x1) ? x0 : x1);
    return t1;
}

static inline double partial0_fmax(double x0, double x1, double y)
{
    const double t1 = (x0 == x1);
    double t2;
    if (t1) {
        t2 = 0.5;
    } else {
        const double t3 = (x0 == y);
        double t4;
        if (t3) {
            t4 = 1.0;
        } else {
            const double t5 = (x1 == y);
            double t6;
            if (t5) {
                t6 = 0.0;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double partial1_fmax(double x0, double x1, double y)
{
    const double t1 = (x0 == x1);
    double t2;
    if (t1) {
        t2 = 0.5;
    } else {
        const double t3 = (x1 == y);
        double t4;
        if (t3) {
            t4 = 1.0;
        } else {
            const double t5 = (x0 == y);
            double t6;
            if (t5) {
                t6 = 0.0;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_fmin(double x0, double x1)
{
    const double t1 = ((x0 <= x1 || x1 != x1) ? x0 : x1);
    return t1;
}

static inline double partial0_fmin(double x0, double x1, double y)
{
    const double t1 = (x0 == x1);
    double t2;
    if (t1) {
        t2 = 0.5;
    } else {
        const double t3 = (x0 == y);
        double t4;
        if (t3) {
            t4 = 1.0;
        } else {
            const double t5 = (x1 == y);
            double t6;
            if (t5) {
                t6 = 0.0;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double partial1_fmin(double x0, double x1, double y)
{
    const double t1 = (x0 == x1);
    double t2;
    if (t1) {
        t2 = 0.5;
    } else {
        const double t3 = (x1 == y);
        double t4;
        if (t3) {
            t4 = 1.0;
        } else {
            const double t5 = (x0 == y);
            double t6;
            if (t5) {
                t6 = 0.0;
            } else {
                t6 = NAN;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_clip(double x0, double x1, double x2)
{
    const double t1 = ((x0 >= x1 || x0 != x0) ? x0 : x1);
    const double t2 = ((t1 <= x2 || t1 != t1) ? t1 : x2);
    return t2;
}

static inline double partial0_clip(double x0, double x1, double x2, double y)
{
    const double t1 = (x0 >= x1);
    const double t2 = (x0 <= x2);
    const double t3 = (t1 && t2);
    double t4;
    if (t3) {
        t4 = 1.0;
    } else {
        const double t5 = (y == y);
        double t6;
        if (t5) {
            t6 = 0.0;
        } else {
            t6 = NAN;
        }
        t4 = t6;
    }
    return t4;
}

static inline double partial1_clip(double x0, double x1, double x2, double y)
{
    const double t1 = (x0 < x1);
    const double t2 = (x1 <= x2);
    const double t3 = (t1 && t2);
    double t4;
    if (t3) {
        const double t5 = (x1 == x2);
        double t6;
        if (t5) {
            t6 = 0.5;
        } else {
            t6 = 1.0;
        }
        t4 = t6;
    } else {
        const double t7 = (y == y);
        double t8;
        if (t7) {
            t8 = 0.0;
        } else {
            t8 = NAN;
        }
        t4 = t8;
    }
    return t4;
}

static inline double partial2_clip(double x0, double x1, double x2, double y)
{
    const double t1 = (x0 < x1);
    const double t2 = (x1 == x2);
    const double t3 = (t1 && t2);
    double t4;
    if (t3) {
        t4 = 0.5;
    } else {
        const double t5 = (x0 > x2);
        const double t6 = (x1 > x2);
        const double t7 = (t5 || t6);
        double t8;
        if (t7) {
            t8 = 1.0;
        } else {
            const double t9 = (y == y);
            double t10;
            if (t9) {
                t10 = 0.0;
            } else {
                t10 = NAN;
            }
            t8 = t10;
        }
        t4 = t8;
    }
    return t4;
}

static inline double value_positive(double x0)
{
    const double t1 = (+x0);
    return t1;
}

static inline double partial0_positive(double x0, double y)
{
    (void)x0; (void)y;
    return 1.0;
}

static inline double value_negative(double x0)
{
    const double t1 = (-x0);
    return t1;
}

static inline double partial0_negative(double x0, double y)
{
    (void)x0; (void)y;
    return (-1.0);
}

static inline double value_add(double x0, double x1)
{
    const double t1 = (x0 + x1);
    return t1;
}

static inline double partial0_add(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 1.0;
}

static inline double partial1_add(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 1.0;
}

static inline double value_subtract(double x0, double x1)
{
    const double t1 = (x0 - x1);
    return t1;
}

static inline double partial0_subtract(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 1.0;
}

static inline double partial1_subtract(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return (-1.0);
}

static inline double value_multiply(double x0, double x1)
{
    const double t1 = (x0 * x1);
    return t1;
}

static inline double partial0_multiply(double x0, double x1, double y)
{
    (void)x0; (void)y;
    return x1;
}

static inline double partial1_multiply(double x0, double x1, double y)
{
    (void)x1; (void)y;
    return x0;
}

static inline double value_divide(double x0, double x1)
{
    const double t1 = (x0 / x1);
    return t1;
}

static inline double partial0_divide(double x0, double x1, double y)
{
    (void)x0; (void)y;
    const double t1 = (1.0 / x1);
    return t1;
}

static inline double partial1_divide(double x0, double x1, double y)
{
    (void)y;
    const double t1 = value_over_square(x0, x1);
    const double t2 = (-t1);
    return t2;
}

static inline double value_over_square(double x0, double x1)
{
    const double t1 = (x0 / x1);
    const double t2 = fabs(t1);
    const double t3 = (t2 < 2.2250738585072014e-308);
    const double t4 = fabs(x1);
    const double t5 = (t4 < 1.0);
    const double t6 = (t3 && t5);
    double t7;
    if (t6) {
        const double t8 = (x0 * 2.028240960365167e+31);
        const double t9 = (t8 / x1);
        const double t10 = (t9 / x1);
        const double t11 = (t10 * 4.930380657631324e-32);
        t7 = t11;
    } else {
        const double t12 = (t1 / x1);
        t7 = t12;
    }
    return t7;
}

static inline double partial0_over_square(double x0, double x1, double y)
{
    (void)x0; (void)y;
    const double t1 = value_over_square(1.0, x1);
    return t1;
}

static inline double partial1_over_square(double x0, double x1, double y)
{
    (void)y;
    const double t1 = fabs(x0);
    const double t2 = (t1 < 1.1830521861667747e-271);
    const double t3 = fabs(x1);
    const double t4 = (t3 > 4.909093465297727e-91);
    const double t5 = (t2 && t4);
    double t6;
    if (t5) {
        double t7;
        if (t5) {
            const double t8 = (x0 * 2.028240960365167e+31);
            t7 = t8;
        } else {
            t7 = x0;
        }
        const double t9 = (t7 / x1);
        const double t10 = value_over_square(t9, x1);
        const double t11 = (t10 * 4.930380657631324e-32);
        t6 = t11;
    } else {
        double t12;
        if (t5) {
            const double t13 = (x0 * 2.028240960365167e+31);
            t12 = t13;
        } else {
            t12 = x0;
        }
        const double t14 = (t12 / x1);
        const double t15 = value_over_square(t14, x1);
        t6 = t15;
    }
    const double t16 = ((-2.0) * t6);
    return t16;
}

static inline double partial0_remainder(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 1.0;
}

static inline double partial1_remainder(double x0, double x1, double y)
{
    (void)y;
    const double t1 = value_floor_divide(x0, x1);
    const double t2 = (-t1);
    return t2;
}

static inline double partial0_floor_divide(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 0.0;
}

static inline double partial1_floor_divide(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 0.0;
}

static inline double value_reciprocal(double x0)
{
    const double t1 = (1.0 / x0);
    return t1;
}

static inline double partial0_reciprocal(double x0, double y)
{
    (void)x0;
    const double t1 = (y * y);
    const double t2 = (-t1);
    return t2;
}

static inline double value_square(double x0)
{
    const double t1 = (x0 * x0);
    return t1;
}

static inline double partial0_square(double x0, double y)
{
    (void)y;
    const double t1 = (2.0 * x0);
    return t1;
}

static inline double value_abs(double x0)
{
    const double t1 = fabs(x0);
    return t1;
}

static inline double partial0_abs(double x0, double y)
{
    (void)y;
    const double t1 = (x0 > 0.0 ? 1.0 : x0 < 0.0 ? -1.0 : x0 == 0.0 ? 0.0 : x0);
    return t1;
}

static inline double value_sign(double x0)
{
    const double t1 = (x0 > 0.0 ? 1.0 : x0 < 0.0 ? -1.0 : x0 == 0.0 ? 0.0 : x0);
    return t1;
}

static inline double partial0_sign(double x0, double y)
{
    (void)x0; (void)y;
    return 0.0;
}

static inline double value_floor(double x0)
{
    const double t1 = floor(x0);
    return t1;
}

static inline double partial0_floor(double x0, double y)
{
    (void)x0; (void)y;
    return 0.0;
}

static inline double value_ceil(double x0)
{
    const double t1 = ceil(x0);
    return t1;
}

static inline double partial0_ceil(double x0, double y)
{
    (void)x0; (void)y;
    return 0.0;
}

static inline double value_trunc(double x0)
{
    const double t1 = trunc(x0);
    return t1;
}

static inline double partial0_trunc(double x0, double y)
{
    (void)x0; (void)y;
    return 0.0;
}

static inline double value_round(double x0)
{
    const double t1 = rint(x0);
    return t1;
}

static inline double partial0_round(double x0, double y)
{
    (void)x0; (void)y;
    return 0.0;
}

static inline double partial0_round_to(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 0.0;
}

static inline double value_copysign(double x0, double x1)
{
    const double t1 = copysign(x0, x1);
    return t1;
}

static inline double partial0_copysign(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x0 > 0.0 ? 1.0 : x0 < 0.0 ? -1.0 : x0 == 0.0 ? 0.0 : x0);
    const double t2 = copysign(1.0, x1);
    const double t3 = (t1 * t2);
    return t3;
}

static inline double partial1_copysign(double x0, double x1, double y)
{
    (void)x0; (void)x1; (void)y;
    return 0.0;
}

static inline double value_pow(double x0, double x1)
{
    const double t1 = pow(x0, x1);
    return t1;
}

static inline double partial0_pow(double x0, double x1, double y)
{
    const double t1 = (x1 == 0.0);
    const double t2 = (x0 < 0.0);
    double t3;
    if (t2) {
        const double t4 = (-x0);
        t3 = t4;
    } else {
        t3 = x0;
    }
    const double t5 = (t3 == 0.0);
    const double t6 = (t3 == INFINITY);
    const double t7 = (t5 || t6);
    const double t8 = (x0 != x0);
    const double t9 = (t7 || t8);
    const double t10 = (t1 && t9);
    const double t11 = (x1 - 1.0);
    const double t12 = pow(t3, t11);
    const double t13 = (t12 == 0.0);
    const double t14 = fabs(x1);
    const double t15 = (t14 == INFINITY);
    const double t16 = (t13 && t15);
    const double t17 = (t10 || t16);
    double t18;
    if (t17) {
        t18 = 0.0;
    } else {
        const double t19 = copysign(1.0, y);
        const double t20 = (t19 > 0.0);
        const double t21 = (t2 && t20);
        double t22;
        if (t21) {
            const double t23 = (t3 != 0.0);
            const double t24 = (t12 < 2.2250738585072014e-308);
            const double t25 = (t12 == INFINITY);
            const double t26 = (t24 || t25);
            const double t27 = (t23 && t26);
            double t28;
            if (t27) {
                const double t29 = (0.5 * t11);
                const double t30 = pow(t3, t29);
                const double t31 = (x1 * t30);
                const double t32 = (t31 * t30);
                t28 = t32;
            } else {
                const double t33 = (x1 * t12);
                t28 = t33;
            }
            const double t34 = (t11 - x1);
            const double t35 = (t11 - t34);
            const double t36 = (x1 - t35);
            const double t37 = (1.0 + t34);
            const double t38 = (t36 - t37);
            const double t39 = (t38 == 0.0);
            const double t40 = (t38 != t38);
            const double t41 = (t39 || t40);
            const double t42 = (t41 || t5);
            const double t43 = (t42 || t6);
            double t44;
            if (t43) {
                t44 = 1.0;
            } else {
                const double t45 = log(t3);
                const double t46 = (t38 * t45);
                const double t47 = fabs(t46);
                const double t48 = (t47 > 0.5);
                double t49;
                if (t48) {
                    t49 = 1.0;
                } else {
                    const double t50 = (1.0 + t46);
                    t49 = t50;
                }
                t44 = t49;
            }
            const double t51 = (t28 * t44);
            const double t52 = (-t51);
            t22 = t52;
        } else {
            const double t53 = (t3 != 0.0);
            const double t54 = (t12 < 2.2250738585072014e-308);
            const double t55 = (t12 == INFINITY);
            const double t56 = (t54 || t55);
            const double t57 = (t53 && t56);
            double t58;
            if (t57) {
                const double t59 = (0.5 * t11);
                const double t60 = pow(t3, t59);
                const double t61 = (x1 * t60);
                const double t62 = (t61 * t60);
                t58 = t62;
            } else {
                const double t63 = (x1 * t12);
                t58 = t63;
            }
            const double t64 = (t11 - x1);
            const double t65 = (t11 - t64);
            const double t66 = (x1 - t65);
            const double t67 = (1.0 + t64);
            const double t68 = (t66 - t67);
            const double t69 = (t68 == 0.0);
            const double t70 = (t68 != t68);
            const double t71 = (t69 || t70);
            const double t72 = (t71 || t5);
            const double t73 = (t72 || t6);
            double t74;
            if (t73) {
                t74 = 1.0;
            } else {
                const double t75 = log(t3);
                const double t76 = (t68 * t75);
                const double t77 = fabs(t76);
                const double t78 = (t77 > 0.5);
                double t79;
                if (t78) {
                    t79 = 1.0;
                } else {
                    const double t80 = (1.0 + t76);
                    t79 = t80;
                }
                t74 = t79;
            }
            const double t81 = (t58 * t74);
            t22 = t81;
        }
        t18 = t22;
    }
    return t18;
}

static inline double partial1_pow(double x0, double x1, double y)
{
    const double t1 = (x0 == 0.0);
    const double t2 = (x1 >= 0.0);
    const double t3 = (t1 && t2);
    const double t4 = (x0 == INFINITY);
    const double t5 = (x1 < 0.0);
    const double t6 = (t4 && t5);
    const double t7 = (t3 || t6);
    double t8;
    if (t7) {
        t8 = 0.0;
    } else {
        const double t9 = fabs(y);
        const double t10 = (t9 < 2.2250738585072014e-308);
        const double t11 = (t9 == INFINITY);
        const double t12 = (t10 || t11);
        double t13;
        if (t12) {
            const double t14 = (0.5 * x1);
            const double t15 = pow(x0, t14);
            const double t16 = log(x0);
            const double t17 = (t15 * t16);
            const double t18 = (t17 * t15);
            t13 = t18;
        } else {
            const double t19 = log(x0);
            const double t20 = (y * t19);
            t13 = t20;
        }
        t8 = t13;
    }
    return t8;
}

static inline double value_sqrt(double x0)
{
    const double t1 = sqrt(x0);
    return t1;
}

static inline double partial0_sqrt(double x0, double y)
{
    (void)x0;
    const double t1 = (y + 0.0);
    const double t2 = (0.5 / t1);
    return t2;
}

static inline double partial0_cbrt(double x0, double y)
{
    (void)x0;
    const double t1 = value_over_square(0.3333333333333333, y);
    return t1;
}

static inline double value_exp(double x0)
{
    const double t1 = exp(x0);
    return t1;
}

static inline double partial0_exp(double x0, double y)
{
    (void)x0;
    return y;
}

static inline double value_exp2(double x0)
{
    const double t1 = exp2(x0);
    return t1;
}

static inline double partial0_exp2(double x0, double y)
{
    const double t1 = (x0 < 1023.0);
    double t2;
    if (t1) {
        const double t3 = (0.6931471805599453 * y);
        t2 = t3;
    } else {
        const double t4 = (x0 - 1.0);
        const double t5 = exp2(t4);
        const double t6 = (1.3862943611198906 * t5);
        t2 = t6;
    }
    return t2;
}

static inline double value_expm1(double x0)
{
    const double t1 = expm1(x0);
    return t1;
}

static inline double partial0_expm1(double x0, double y)
{
    (void)y;
    const double t1 = exp(x0);
    return t1;
}

static inline double value_log(double x0)
{
    const double t1 = log(x0);
    return t1;
}

static inline double partial0_log(double x0, double y)
{
    (void)y;
    const double t1 = (x0 + 0.0);
    const double t2 = (1.0 / t1);
    return t2;
}

static inline double value_log2(double x0)
{
    const double t1 = log2(x0);
    return t1;
}

static inline double partial0_log2(double x0, double y)
{
    (void)y;
    const double t1 = (x0 + 0.0);
    const double t2 = (1.4426950408889634 / t1);
    return t2;
}

static inline double value_log10(double x0)
{
    const double t1 = log10(x0);
    return t1;
}

static inline double partial0_log10(double x0, double y)
{
    (void)y;
    const double t1 = (x0 + 0.0);
    const double t2 = (0.4342944819032518 / t1);
    return t2;
}

static inline double value_log1p(double x0)
{
    const double t1 = log1p(x0);
    return t1;
}

static inline double partial0_log1p(double x0, double y)
{
    (void)y;
    const double t1 = (1.0 + x0);
    const double t2 = (1.0 / t1);
    return t2;
}

static inline double partial0_logaddexp(double x0, double x1, double y)
{
    const double t1 = (y == (-INFINITY));
    double t2;
    if (t1) {
        t2 = 0.0;
    } else {
        const double t3 = (x0 == x1);
        const double t4 = fabs(x0);
        const double t5 = (t4 == INFINITY);
        const double t6 = (t3 && t5);
        double t7;
        if (t6) {
            t7 = 0.0;
        } else {
            const double t8 = (x0 - x1);
            t7 = t8;
        }
        const double t9 = value_sigmoid(t7);
        const double t10 = (-t7);
        const double t11 = value_sigmoid(t10);
        const double t12 = (t9 * t11);
        const double t13 = fabs(t7);
        const double t14 = (t13 < 1000.0);
        const double t15 = (t4 < INFINITY);
        const double t16 = (t14 && t15);
        double t17;
        if (t16) {
            const double t18 = (t7 - x0);
            const double t19 = (t7 - t18);
            const double t20 = (x0 - t19);
            const double t21 = (x1 + t18);
            const double t22 = (t20 - t21);
            t17 = t22;
        } else {
            t17 = 0.0;
        }
        const double t23 = (t12 * t17);
        const double t24 = (t9 + t23);
        t2 = t24;
    }
    return t2;
}

static inline double partial1_logaddexp(double x0, double x1, double y)
{
    const double t1 = (y == (-INFINITY));
    double t2;
    if (t1) {
        t2 = 0.0;
    } else {
        const double t3 = (x1 == x0);
        const double t4 = fabs(x1);
        const double t5 = (t4 == INFINITY);
        const double t6 = (t3 && t5);
        double t7;
        if (t6) {
            t7 = 0.0;
        } else {
            const double t8 = (x1 - x0);
            t7 = t8;
        }
        const double t9 = value_sigmoid(t7);
        const double t10 = (-t7);
        const double t11 = value_sigmoid(t10);
        const double t12 = (t9 * t11);
        const double t13 = fabs(t7);
        const double t14 = (t13 < 1000.0);
        const double t15 = (t4 < INFINITY);
        const double t16 = (t14 && t15);
        double t17;
        if (t16) {
            const double t18 = (t7 - x1);
            const double t19 = (t7 - t18);
            const double t20 = (x1 - t19);
            const double t21 = (x0 + t18);
            const double t22 = (t20 - t21);
            t17 = t22;
        } else {
            t17 = 0.0;
        }
        const double t23 = (t12 * t17);
        const double t24 = (t9 + t23);
        t2 = t24;
    }
    return t2;
}

static inline double value_xlogy(double x0, double x1)
{
    const double t1 = (x0 == 0.0);
    const double t2 = (x1 == x1);
    const double t3 = (t1 && t2);
    double t4;
    if (t3) {
        t4 = 0.0;
    } else {
        const double t5 = log(x1);
        const double t6 = (x0 * t5);
        t4 = t6;
    }
    return t4;
}

static inline double partial0_xlogy(double x0, double x1, double y)
{
    (void)x0; (void)y;
    const double t1 = log(x1);
    return t1;
}

static inline double partial1_xlogy(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x0 == 0.0);
    const double t2 = (x1 == 0.0);
    const double t3 = (t1 && t2);
    double t4;
    if (t3) {
        t4 = 0.0;
    } else {
        const double t5 = (x1 + 0.0);
        const double t6 = (x0 / t5);
        t4 = t6;
    }
    return t4;
}

static inline double value_sin(double x0)
{
    const double t1 = sin(x0);
    return t1;
}

static inline double partial0_sin(double x0, double y)
{
    (void)y;
    const double t1 = cos(x0);
    return t1;
}

static inline double value_cos(double x0)
{
    const double t1 = cos(x0);
    return t1;
}

static inline double partial0_cos(double x0, double y)
{
    (void)y;
    const double t1 = sin(x0);
    const double t2 = (-t1);
    return t2;
}

static inline double value_tan(double x0)
{
    const double t1 = tan(x0);
    return t1;
}

static inline double partial0_tan(double x0, double y)
{
    (void)x0;
    const double t1 = (y * y);
    const double t2 = (1.0 + t1);
    return t2;
}

static inline double partial0_sinpi(double x0, double y)
{
    (void)y;
    const double t1 = value_cospi(x0);
    const double t2 = (3.141592653589793 * t1);
    return t2;
}

static inline double partial0_cospi(double x0, double y)
{
    (void)y;
    const double t1 = value_sinpi(x0);
    const double t2 = ((-3.141592653589793) * t1);
    return t2;
}

static inline double partial0_sinc(double x0, double y)
{
    const double t1 = fabs(x0);
    const double t2 = (t1 < 0.5);
    double t3;
    if (t2) {
        const double t4 = (x0 * x0);
        const double t5 = (t4 * 0.0);
        const double t6 = (2.635212528439635e-16 + t5);
        const double t7 = (t4 * t6);
        const double t8 = ((-2.0132015080808862e-14) + t7);
        const double t9 = (t4 * t8);
        const double t10 = (1.3217901389162304e-12 + t9);
        const double t11 = (t4 * t10);
        const double t12 = ((-7.365893777096939e-11) + t11);
        const double t13 = (t4 * t12);
        const double t14 = (3.433076949964284e-09 + t13);
        const double t15 = (t4 * t14);
        const double t16 = ((-1.3148481279991983e-07) + t15);
        const double t17 = (t4 * t16);
        const double t18 = (4.049947846619241e-06 + t17);
        const double t19 = (t4 * t18);
        const double t20 = ((-9.766223126318928e-05) + t19);
        const double t21 = (t4 * t20);
        const double t22 = (0.001781145516372851 + t21);
        const double t23 = (t4 * t22);
        const double t24 = ((-0.023460810354558225) + t23);
        const double t25 = (t4 * t24);
        const double t26 = (0.20918278254123832 + t25);
        const double t27 = (t4 * t26);
        const double t28 = ((-1.144510944732505) + t27);
        const double t29 = (t4 * t28);
        const double t30 = (3.246969701133414 + t29);
        const double t31 = (t4 * t30);
        const double t32 = ((-3.289868133696453) + t31);
        const double t33 = (x0 * t32);
        t3 = t33;
    } else {
        const double t34 = (t1 == INFINITY);
        double t35;
        if (t34) {
            t35 = 0.0;
        } else {
            const double t36 = value_cospi(x0);
            const double t37 = (t36 - y);
            const double t38 = (t37 / x0);
            t35 = t38;
        }
        t3 = t35;
    }
    return t3;
}

static inline double value_asin(double x0)
{
    const double t1 = asin(x0);
    return t1;
}

static inline double partial0_asin(double x0, double y)
{
    (void)y;
    const double t1 = (1.0 - x0);
    const double t2 = (1.0 + x0);
    const double t3 = (t1 * t2);
    const double t4 = sqrt(t3);
    const double t5 = (1.0 / t4);
    return t5;
}

static inline double value_acos(double x0)
{
    const double t1 = acos(x0);
    return t1;
}

static inline double partial0_acos(double x0, double y)
{
    (void)y;
    const double t1 = (1.0 - x0);
    const double t2 = (1.0 + x0);
    const double t3 = (t1 * t2);
    const double t4 = sqrt(t3);
    const double t5 = ((-1.0) / t4);
    return t5;
}

static inline double value_atan(double x0)
{
    const double t1 = atan(x0);
    return t1;
}

static inline double partial0_atan(double x0, double y)
{
    (void)y;
    const double t1 = fabs(x0);
    const double t2 = (t1 > 100000000.0);
    double t3;
    if (t2) {
        const double t4 = (1.0 / x0);
        const double t5 = (t4 * t4);
        t3 = t5;
    } else {
        const double t6 = (x0 * x0);
        const double t7 = (1.0 + t6);
        const double t8 = (1.0 / t7);
        t3 = t8;
    }
    return t3;
}

static inline double value_atan2(double x0, double x1)
{
    const double t1 = atan2(x0, x1);
    return t1;
}

static inline double partial0_atan2(double x0, double x1, double y)
{
    (void)y;
    const double t1 = fabs(x0);
    const double t2 = fabs(x1);
    const double t3 = (t1 > t2);
    double t4;
    if (t3) {
        t4 = t1;
    } else {
        t4 = t2;
    }
    const double t5 = (t4 == 0.0);
    const double t6 = (t4 == INFINITY);
    const double t7 = (t5 || t6);
    double t8;
    if (t7) {
        t8 = 0.0;
    } else {
        const double t9 = (t4 > 3.273390607896142e+150);
        double t10;
        if (t9) {
            t10 = 2.409919865102884e-181;
        } else {
            const double t11 = (t4 < 3.054936363499605e-151);
            double t12;
            if (t11) {
                t12 = 4.149515568880993e+180;
            } else {
                t12 = 1.0;
            }
            t10 = t12;
        }
        const double t13 = (x1 * t10);
        const double t14 = (x0 * t10);
        const double t15 = (t14 * t14);
        const double t16 = (t13 * t13);
        const double t17 = (t15 + t16);
        const double t18 = (t13 / t17);
        const double t19 = (t18 * t10);
        t8 = t19;
    }
    return t8;
}

static inline double partial1_atan2(double x0, double x1, double y)
{
    (void)y;
    const double t1 = fabs(x0);
    const double t2 = fabs(x1);
    const double t3 = (t1 > t2);
    double t4;
    if (t3) {
        t4 = t1;
    } else {
        t4 = t2;
    }
    const double t5 = (t4 == 0.0);
    const double t6 = (t4 == INFINITY);
    const double t7 = (t5 || t6);
    double t8;
    if (t7) {
        t8 = 0.0;
    } else {
        const double t9 = (t4 > 3.273390607896142e+150);
        double t10;
        if (t9) {
            t10 = 2.409919865102884e-181;
        } else {
            const double t11 = (t4 < 3.054936363499605e-151);
            double t12;
            if (t11) {
                t12 = 4.149515568880993e+180;
            } else {
                t12 = 1.0;
            }
            t10 = t12;
        }
        const double t13 = (x0 * t10);
        const double t14 = (t13 * t13);
        const double t15 = (x1 * t10);
        const double t16 = (t15 * t15);
        const double t17 = (t14 + t16);
        const double t18 = (t13 / t17);
        const double t19 = (t18 * t10);
        t8 = t19;
    }
    const double t20 = (-t8);
    return t20;
}

static inline double partial0_hypot(double x0, double x1, double y)
{
    const double t1 = (y == 0.0);
    double t2;
    if (t1) {
        t2 = 0.0;
    } else {
        const double t3 = fabs(x0);
        const double t4 = fabs(x1);
        const double t5 = (t3 >= t4);
        double t6;
        if (t5) {
            t6 = x0;
        } else {
            t6 = x1;
        }
        const double t7 = (t6 < 0.0);
        double t8;
        if (t7) {
            double t9;
            if (t5) {
                t9 = 1.0;
            } else {
                const double t10 = (t3 == INFINITY);
                const double t11 = (t4 == INFINITY);
                const double t12 = (t10 && t11);
                double t13;
                if (t12) {
                    t13 = 1.0;
                } else {
                    double t14;
                    if (t5) {
                        const double t15 = (x1 / x0);
                        t14 = t15;
                    } else {
                        const double t16 = (x0 / x1);
                        t14 = t16;
                    }
                    t13 = t14;
                }
                t9 = t13;
            }
            const double t17 = (t3 == INFINITY);
            const double t18 = (t4 == INFINITY);
            const double t19 = (t17 && t18);
            double t20;
            if (t19) {
                t20 = 1.0;
            } else {
                double t21;
                if (t5) {
                    const double t22 = (x1 / x0);
                    t21 = t22;
                } else {
                    const double t23 = (x0 / x1);
                    t21 = t23;
                }
                t20 = t21;
            }
            const double t24 = (t20 * t20);
            const double t25 = (1.0 + t24);
            const double t26 = sqrt(t25);
            const double t27 = (t9 / t26);
            const double t28 = (-t27);
            t8 = t28;
        } else {
            double t29;
            if (t5) {
                t29 = 1.0;
            } else {
                const double t30 = (t3 == INFINITY);
                const double t31 = (t4 == INFINITY);
                const double t32 = (t30 && t31);
                double t33;
                if (t32) {
                    t33 = 1.0;
                } else {
                    double t34;
                    if (t5) {
                        const double t35 = (x1 / x0);
                        t34 = t35;
                    } else {
                        const double t36 = (x0 / x1);
                        t34 = t36;
                    }
                    t33 = t34;
                }
                t29 = t33;
            }
            const double t37 = (t3 == INFINITY);
            const double t38 = (t4 == INFINITY);
            const double t39 = (t37 && t38);
            double t40;
            if (t39) {
                t40 = 1.0;
            } else {
                double t41;
                if (t5) {
                    const double t42 = (x1 / x0);
                    t41 = t42;
                } else {
                    const double t43 = (x0 / x1);
                    t41 = t43;
                }
                t40 = t41;
            }
            const double t44 = (t40 * t40);
            const double t45 = (1.0 + t44);
            const double t46 = sqrt(t45);
            const double t47 = (t29 / t46);
            t8 = t47;
        }
        t2 = t8;
    }
    return t2;
}

static inline double partial1_hypot(double x0, double x1, double y)
{
    const double t1 = (y == 0.0);
    double t2;
    if (t1) {
        t2 = 0.0;
    } else {
        const double t3 = fabs(x1);
        const double t4 = fabs(x0);
        const double t5 = (t3 >= t4);
        double t6;
        if (t5) {
            t6 = x1;
        } else {
            t6 = x0;
        }
        const double t7 = (t6 < 0.0);
        double t8;
        if (t7) {
            double t9;
            if (t5) {
                t9 = 1.0;
            } else {
                const double t10 = (t3 == INFINITY);
                const double t11 = (t4 == INFINITY);
                const double t12 = (t10 && t11);
                double t13;
                if (t12) {
                    t13 = 1.0;
                } else {
                    double t14;
                    if (t5) {
                        const double t15 = (x0 / x1);
                        t14 = t15;
                    } else {
                        const double t16 = (x1 / x0);
                        t14 = t16;
                    }
                    t13 = t14;
                }
                t9 = t13;
            }
            const double t17 = (t3 == INFINITY);
            const double t18 = (t4 == INFINITY);
            const double t19 = (t17 && t18);
            double t20;
            if (t19) {
                t20 = 1.0;
            } else {
                double t21;
                if (t5) {
                    const double t22 = (x0 / x1);
                    t21 = t22;
                } else {
                    const double t23 = (x1 / x0);
                    t21 = t23;
                }
                t20 = t21;
            }
            const double t24 = (t20 * t20);
            const double t25 = (1.0 + t24);
            const double t26 = sqrt(t25);
            const double t27 = (t9 / t26);
            const double t28 = (-t27);
            t8 = t28;
        } else {
            double t29;
            if (t5) {
                t29 = 1.0;
            } else {
                const double t30 = (t3 == INFINITY);
                const double t31 = (t4 == INFINITY);
                const double t32 = (t30 && t31);
                double t33;
                if (t32) {
                    t33 = 1.0;
                } else {
                    double t34;
                    if (t5) {
                        const double t35 = (x0 / x1);
                        t34 = t35;
                    } else {
                        const double t36 = (x1 / x0);
                        t34 = t36;
                    }
                    t33 = t34;
                }
                t29 = t33;
            }
            const double t37 = (t3 == INFINITY);
            const double t38 = (t4 == INFINITY);
            const double t39 = (t37 && t38);
            double t40;
            if (t39) {
                t40 = 1.0;
            } else {
                double t41;
                if (t5) {
                    const double t42 = (x0 / x1);
                    t41 = t42;
                } else {
                    const double t43 = (x1 / x0);
                    t41 = t43;
                }
                t40 = t41;
            }
            const double t44 = (t40 * t40);
            const double t45 = (1.0 + t44);
            const double t46 = sqrt(t45);
            const double t47 = (t29 / t46);
            t8 = t47;
        }
        t2 = t8;
    }
    return t2;
}

static inline double value_sinh(double x0)
{
    const double t1 = sinh(x0);
    return t1;
}

static inline double partial0_sinh(double x0, double y)
{
    (void)y;
    const double t1 = cosh(x0);
    return t1;
}

static inline double value_cosh(double x0)
{
    const double t1 = cosh(x0);
    return t1;
}

static inline double partial0_cosh(double x0, double y)
{
    (void)y;
    const double t1 = sinh(x0);
    return t1;
}

static inline double value_tanh(double x0)
{
    const double t1 = tanh(x0);
    return t1;
}

static inline double partial0_tanh(double x0, double y)
{
    (void)y;
    const double t1 = (x0 < 0.0);
    double t2;
    if (t1) {
        t2 = x0;
    } else {
        const double t3 = (-x0);
        t2 = t3;
    }
    const double t4 = (2.0 * t2);
    const double t5 = exp(t4);
    const double t6 = (4.0 * t5);
    const double t7 = (2.0 + t5);
    const double t8 = (t5 * t7);
    const double t9 = (1.0 + t8);
    const double t10 = (t6 / t9);
    return t10;
}

static inline double value_asinh(double x0)
{
    const double t1 = asinh(x0);
    return t1;
}

static inline double partial0_asinh(double x0, double y)
{
    (void)y;
    const double t1 = value_hypot(1.0, x0);
    const double t2 = (1.0 / t1);
    return t2;
}

static inline double value_acosh(double x0)
{
    const double t1 = acosh(x0);
    return t1;
}

static inline double partial0_acosh(double x0, double y)
{
    (void)y;
    const double t1 = (x0 - 1.0);
    const double t2 = sqrt(t1);
    const double t3 = (x0 + 1.0);
    const double t4 = sqrt(t3);
    const double t5 = (t2 * t4);
    const double t6 = (1.0 / t5);
    return t6;
}

static inline double value_atanh(double x0)
{
    const double t1 = atanh(x0);
    return t1;
}

static inline double partial0_atanh(double x0, double y)
{
    (void)y;
    const double t1 = (1.0 - x0);
    const double t2 = (1.0 + x0);
    const double t3 = (t1 * t2);
    const double t4 = (1.0 / t3);
    return t4;
}

static inline double value_sigmoid(double x0)
{
    const double t1 = (x0 < 0.0);
    double t2;
    if (t1) {
        const double t3 = exp(x0);
        const double t4 = (1.0 + t3);
        const double t5 = (t3 / t4);
        t2 = t5;
    } else {
        const double t6 = (-x0);
        const double t7 = exp(t6);
        const double t8 = (1.0 + t7);
        const double t9 = (1.0 / t8);
        t2 = t9;
    }
    return t2;
}

static inline double partial0_sigmoid(double x0, double y)
{
    (void)y;
    const double t1 = (x0 < 0.0);
    double t2;
    if (t1) {
        t2 = x0;
    } else {
        const double t3 = (-x0);
        t2 = t3;
    }
    const double t4 = exp(t2);
    const double t5 = (2.0 + t4);
    const double t6 = (t4 * t5);
    const double t7 = (1.0 + t6);
    const double t8 = (t4 / t7);
    return t8;
}

static inline double value_logsigmoid(double x0)
{
    const double t1 = (-x0);
    const double t2 = value_softplus(t1);
    const double t3 = (-t2);
    return t3;
}

static inline double partial0_logsigmoid(double x0, double y)
{
    (void)y;
    const double t1 = (-x0);
    const double t2 = value_sigmoid(t1);
    return t2;
}

static inline double value_softplus(double x0)
{
    const double t1 = ((x0 >= 0.0 || x0 != x0) ? x0 : 0.0);
    const double t2 = (x0 < 0.0);
    double t3;
    if (t2) {
        t3 = x0;
    } else {
        const double t4 = (-x0);
        t3 = t4;
    }
    const double t5 = exp(t3);
    const double t6 = log1p(t5);
    const double t7 = (t1 + t6);
    return t7;
}

static inline double partial0_softplus(double x0, double y)
{
    (void)y;
    const double t1 = value_sigmoid(x0);
    return t1;
}

static inline double value_relu(double x0)
{
    const double t1 = ((x0 > 0.0 || x0 != x0) ? x0 : 0.0);
    return t1;
}

static inline double partial0_relu(double x0, double y)
{
    (void)y;
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        const double t3 = (x0 <= 0.0);
        double t4;
        if (t3) {
            t4 = 0.0;
        } else {
            t4 = NAN;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_leaky_relu(double x0, double x1)
{
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        t2 = x0;
    } else {
        const double t3 = (x1 * x0);
        t2 = t3;
    }
    return t2;
}

static inline double partial0_leaky_relu(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        t2 = x1;
    }
    return t2;
}

static inline double partial1_leaky_relu(double x0, double x1, double y)
{
    (void)x1; (void)y;
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        t2 = 0.0;
    } else {
        t2 = x0;
    }
    return t2;
}

static inline double value_elu(double x0, double x1)
{
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        t2 = x0;
    } else {
        const double t3 = expm1(x0);
        const double t4 = (x1 * t3);
        t2 = t4;
    }
    return t2;
}

static inline double partial0_elu(double x0, double x1, double y)
{
    (void)y;
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        const double t3 = (x0 == 0.0);
        const double t4 = (x1 > 1.0);
        const double t5 = (t3 && t4);
        double t6;
        if (t5) {
            t6 = 1.0;
        } else {
            const double t7 = (x0 < (-700.0));
            double t8;
            if (t7) {
                const double t9 = (0.5 * x0);
                const double t10 = exp(t9);
                const double t11 = (x1 * t10);
                const double t12 = (t11 * t10);
                t8 = t12;
            } else {
                const double t13 = exp(x0);
                const double t14 = (x1 * t13);
                t8 = t14;
            }
            t6 = t8;
        }
        t2 = t6;
    }
    return t2;
}

static inline double partial1_elu(double x0, double x1, double y)
{
    (void)x1; (void)y;
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        t2 = 0.0;
    } else {
        const double t3 = expm1(x0);
        t2 = t3;
    }
    return t2;
}

static inline double value_selu(double x0)
{
    const double t1 = (x0 > 0.0);
    double t2;
    if (t1) {
        const double t3 = (1.0507009873554805 * x0);
        t2 = t3;
    } else {
        const double t4 = expm1(x0);
        const double t5 = (1.7580993408473766 * t4);
        t2 = t5;
    }
    return t2;
}

static inline double partial0_selu(double x0, double y)
{
    (void)y;
    const double t1 = (x0 >= 0.0);
    double t2;
    if (t1) {
        t2 = 1.0507009873554805;
    } else {
        const double t3 = exp(x0);
        const double t4 = (1.7580993408473766 * t3);
        t2 = t4;
    }
    return t2;
}

static inline double value_silu(double x0)
{
    const double t1 = (x0 < (-1600.0));
    double t2;
    if (t1) {
        t2 = (-0.0);
    } else {
        const double t3 = (x0 < (-700.0));
        double t4;
        if (t3) {
            const double t5 = (0.5 * x0);
            const double t6 = exp(t5);
            const double t7 = (x0 * t6);
            const double t8 = (t7 * t6);
            t4 = t8;
        } else {
            const double t9 = (-x0);
            const double t10 = exp(t9);
            const double t11 = (1.0 + t10);
            const double t12 = (x0 / t11);
            t4 = t12;
        }
        t2 = t4;
    }
    return t2;
}

static inline double partial0_silu(double x0, double y)
{
    (void)y;
    const double t1 = (x0 < (-1600.0));
    double t2;
    if (t1) {
        t2 = (-0.0);
    } else {
        const double t3 = (x0 > 1600.0);
        double t4;
        if (t3) {
            t4 = 1.0;
        } else {
            const double t5 = (x0 < 0.0);
            double t6;
            if (t5) {
                t6 = x0;
            } else {
                const double t7 = (-x0);
                t6 = t7;
            }
            const double t8 = (t6 < (-700.0));
            double t9;
            if (t8) {
                double t10;
                if (t5) {
                    const double t11 = (1.0 + x0);
                    const double t12 = (0.5 * t6);
                    const double t13 = exp(t12);
                    const double t14 = (t11 * t13);
                    const double t15 = (t14 * t13);
                    t10 = t15;
                } else {
                    const double t16 = (x0 - 1.0);
                    const double t17 = (0.5 * t6);
                    const double t18 = exp(t17);
                    const double t19 = (t16 * t18);
                    const double t20 = (t19 * t18);
                    const double t21 = (1.0 + t20);
                    t10 = t21;
                }
                t9 = t10;
            } else {
                double t22;
                if (t5) {
                    const double t23 = exp(t6);
                    const double t24 = (t23 > 9.313225746154785e-10);
                    double t25;
                    if (t24) {
                        const double t26 = (1.0 + x0);
                        const double t27 = (t26 + t23);
                        const double t28 = (-t6);
                        const double t29 = exp(t28);
                        const double t30 = (2.0 + t23);
                        const double t31 = (t29 + t30);
                        const double t32 = (t27 / t31);
                        t25 = t32;
                    } else {
                        const double t33 = (1.0 + x0);
                        const double t34 = (t33 + t23);
                        const double t35 = (t23 * t34);
                        const double t36 = (2.0 + t23);
                        const double t37 = (t23 * t36);
                        const double t38 = (1.0 + t37);
                        const double t39 = (t35 / t38);
                        t25 = t39;
                    }
                    t22 = t25;
                } else {
                    const double t40 = exp(t6);
                    const double t41 = (1.0 + x0);
                    const double t42 = (t40 * t41);
                    const double t43 = (1.0 + t42);
                    const double t44 = (2.0 + t40);
                    const double t45 = (t40 * t44);
                    const double t46 = (1.0 + t45);
                    const double t47 = (t43 / t46);
                    t22 = t47;
                }
                t9 = t22;
            }
            t4 = t9;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_mish(double x0)
{
    const double t1 = (x0 < (-1600.0));
    double t2;
    if (t1) {
        t2 = (-0.0);
    } else {
        const double t3 = (x0 < (-700.0));
        double t4;
        if (t3) {
            const double t5 = (0.5 * x0);
            const double t6 = exp(t5);
            const double t7 = (x0 * t6);
            const double t8 = (t7 * t6);
            t4 = t8;
        } else {
            const double t9 = (x0 < 0.0);
            double t10;
            if (t9) {
                double t11;
                if (t9) {
                    t11 = x0;
                } else {
                    const double t12 = (-x0);
                    t11 = t12;
                }
                const double t13 = exp(t11);
                const double t14 = (2.0 + t13);
                t10 = t14;
            } else {
                double t15;
                if (t9) {
                    t15 = x0;
                } else {
                    const double t16 = (-x0);
                    t15 = t16;
                }
                const double t17 = exp(t15);
                const double t18 = (2.0 * t17);
                const double t19 = (1.0 + t18);
                t10 = t19;
            }
            double t20;
            if (t9) {
                const double t21 = (-x0);
                const double t22 = exp(t21);
                t20 = t22;
            } else {
                double t23;
                if (t9) {
                    t23 = x0;
                } else {
                    const double t24 = (-x0);
                    t23 = t24;
                }
                const double t25 = exp(t23);
                const double t26 = (t25 * t25);
                t20 = t26;
            }
            const double t27 = (2.0 * t20);
            const double t28 = (t10 + t27);
            const double t29 = (t10 / t28);
            const double t30 = (x0 * t29);
            t4 = t30;
        }
        t2 = t4;
    }
    return t2;
}

static inline double partial0_mish(double x0, double y)
{
    (void)y;
    const double t1 = (x0 > 750.0);
    double t2;
    if (t1) {
        t2 = 1.0;
    } else {
        const double t3 = (x0 < (-1600.0));
        double t4;
        if (t3) {
            t4 = (-0.0);
        } else {
            const double t5 = (x0 < (-700.0));
            double t6;
            if (t5) {
                const double t7 = (1.0 + x0);
                const double t8 = (0.5 * x0);
                const double t9 = exp(t8);
                const double t10 = (t7 * t9);
                const double t11 = (t10 * t9);
                t6 = t11;
            } else {
                const double t12 = (x0 < (-1.0));
                double t13;
                if (t12) {
                    const double t14 = (x0 < 0.0);
                    double t15;
                    if (t14) {
                        t15 = x0;
                    } else {
                        const double t16 = (-x0);
                        t15 = t16;
                    }
                    const double t17 = exp(t15);
                    const double t18 = (x0 + 1.0);
                    const double t19 = (4.0 * t18);
                    const double t20 = (4.0 * x0);
                    const double t21 = (t20 + 6.0);
                    const double t22 = (4.0 + t17);
                    const double t23 = (t17 * t22);
                    const double t24 = (t21 + t23);
                    const double t25 = (t17 * t24);
                    const double t26 = (t19 + t25);
                    const double t27 = (t17 * t26);
                    const double t28 = (2.0 + t17);
                    const double t29 = (t17 * t28);
                    const double t30 = (2.0 + t29);
                    const double t31 = value_over_square(t27, t30);
                    t13 = t31;
                } else {
                    const double t32 = (x0 < 0.0);
                    double t33;
                    if (t32) {
                        double t34;
                        if (t32) {
                            t34 = x0;
                        } else {
                            const double t35 = (-x0);
                            t34 = t35;
                        }
                        const double t36 = exp(t34);
                        const double t37 = (t36 + 2.0);
                        const double t38 = (t36 * t37);
                        const double t39 = (2.0 + t36);
                        const double t40 = (t36 * t39);
                        const double t41 = (2.0 + t40);
                        const double t42 = (t38 / t41);
                        t33 = t42;
                    } else {
                        double t43;
                        if (t32) {
                            t43 = x0;
                        } else {
                            const double t44 = (-x0);
                            t43 = t44;
                        }
                        const double t45 = exp(t43);
                        const double t46 = (t45 * t45);
                        const double t47 = (2.0 * t46);
                        const double t48 = (2.0 * t45);
                        const double t49 = (2.0 + t48);
                        const double t50 = (t45 * t49);
                        const double t51 = (1.0 + t50);
                        const double t52 = (t47 / t51);
                        const double t53 = (1.0 - t52);
                        t33 = t53;
                    }
                    double t54;
                    if (t32) {
                        t54 = x0;
                    } else {
                        const double t55 = (-x0);
                        t54 = t55;
                    }
                    const double t56 = exp(t54);
                    const double t57 = (1.0 + t56);
                    const double t58 = (4.0 * t57);
                    double t59;
                    if (t32) {
                        const double t60 = (x0 * t56);
                        const double t61 = (2.0 + t56);
                        const double t62 = (t56 * t61);
                        const double t63 = (2.0 + t62);
                        const double t64 = value_over_square(t60, t63);
                        t59 = t64;
                    } else {
                        const double t65 = (x0 * t56);
                        const double t66 = (2.0 * t56);
                        const double t67 = (2.0 + t66);
                        const double t68 = (t56 * t67);
                        const double t69 = (1.0 + t68);
                        const double t70 = value_over_square(t65, t69);
                        const double t71 = (t56 * t70);
                        t59 = t71;
                    }
                    const double t72 = (t58 * t59);
                    const double t73 = (t33 + t72);
                    t13 = t73;
                }
                t6 = t13;
            }
            t4 = t6;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_softsign(double x0)
{
    const double t1 = fabs(x0);
    const double t2 = (t1 == INFINITY);
    double t3;
    if (t2) {
        const double t4 = (x0 > 0.0 ? 1.0 : x0 < 0.0 ? -1.0 : x0 == 0.0 ? 0.0 : x0);
        t3 = t4;
    } else {
        const double t5 = (1.0 + t1);
        const double t6 = (x0 / t5);
        t3 = t6;
    }
    return t3;
}

static inline double partial0_softsign(double x0, double y)
{
    (void)y;
    const double t1 = fabs(x0);
    const double t2 = (1.0 + t1);
    const double t3 = value_over_square(1.0, t2);
    return t3;
}

static inline double value_gelu(double x0)
{
    const double t1 = (x0 < (-40.0));
    double t2;
    if (t1) {
        t2 = (-0.0);
    } else {
        const double t3 = (x0 < (-37.5));
        double t4;
        if (t3) {
            const double t5 = (1.0 / x0);
            const double t6 = (t5 * t5);
            const double t7 = (t6 * 10395.0);
            const double t8 = (945.0 - t7);
            const double t9 = (t6 * t8);
            const double t10 = (105.0 - t9);
            const double t11 = (t6 * t10);
            const double t12 = (15.0 - t11);
            const double t13 = (t6 * t12);
            const double t14 = (3.0 - t13);
            const double t15 = (t6 * t14);
            const double t16 = (1.0 - t15);
            const double t17 = (t6 * t16);
            const double t18 = (1.0 - t17);
            const double t19 = (0.3989422804014327 * t18);
            const double t20 = (0.5 * x0);
            const double t21 = value_gaussian(t20);
            const double t22 = (t19 * t21);
            const double t23 = (t22 * t21);
            const double t24 = (-t23);
            t4 = t24;
        } else {
            const double t25 = value_ndtr(x0);
            const double t26 = (x0 * t25);
            t4 = t26;
        }
        t2 = t4;
    }
    return t2;
}

static inline double partial0_gelu(double x0, double y)
{
    (void)y;
    const double t1 = (x0 < (-40.0));
    double t2;
    if (t1) {
        t2 = (-0.0);
    } else {
        const double t3 = (x0 > 40.0);
        double t4;
        if (t3) {
            t4 = 1.0;
        } else {
            const double t5 = value_ndtr(x0);
            const double t6 = fabs(x0);
            const double t7 = (t6 > 60.0);
            double t8;
            if (t7) {
                t8 = 0.0;
            } else {
                const double t9 = (t6 > 37.5);
                double t10;
                if (t9) {
                    const double t11 = (0.3989422804014327 * x0);
                    const double t12 = (0.5 * x0);
                    const double t13 = value_gaussian(t12);
                    const double t14 = (t11 * t13);
                    const double t15 = (t14 * t13);
                    t10 = t15;
                } else {
                    const double t16 = value_normal_pdf(x0);
                    const double t17 = (x0 * t16);
                    t10 = t17;
                }
                t8 = t10;
            }
            const double t18 = (t5 + t8);
            t4 = t18;
        }
        t2 = t4;
    }
    return t2;
}

static inline double value_erf(double x0)
{
    const double t1 = erf(x0);
    return t1;
}

static inline double partial0_erf(double x0, double y)
{
    (void)y;
    const double t1 = value_gaussian(x0);
    const double t2 = (1.1283791670955126 * t1);
    return t2;
}

static inline double partial0_erfc(double x0, double y)
{
    (void)y;
    const double t1 = value_gaussian(x0);
    const double t2 = ((-1.1283791670955126) * t1);
    return t2;
}

static inline double partial0_gaussian(double x0, double y)
{
    const double t1 = fabs(x0);
    const double t2 = (t1 > 40.0);
    double t3;
    if (t2) {
        t3 = 0.0;
    } else {
        const double t4 = (t1 > 26.61);
        double t5;
        if (t4) {
            const double t6 = (x0 < 0.0);
            double t7;
            if (t6) {
                t7 = x0;
            } else {
                const double t8 = (-x0);
                t7 = t8;
            }
            const double t9 = (-t7);
            const double t10 = (t9 - 1.0);
            const double t11 = value_gaussian(t10);
            const double t12 = (x0 * t11);
            const double t13 = (2.0 * t9);
            const double t14 = (1.0 - t13);
            const double t15 = exp(t14);
            const double t16 = (t12 * t15);
            t5 = t16;
        } else {
            const double t17 = (x0 * y);
            t5 = t17;
        }
        t3 = t5;
    }
    const double t18 = ((-2.0) * t3);
    return t18;
}

static inline double partial0_normal_pdf(double x0, double y)
{
    (void)y;
    const double t1 = fabs(x0);
    const double t2 = (t1 > 60.0);
    double t3;
    if (t2) {
        t3 = 0.0;
    } else {
        const double t4 = (t1 > 37.5);
        double t5;
        if (t4) {
            const double t6 = (0.3989422804014327 * x0);
            const double t7 = (0.5 * x0);
            const double t8 = value_gaussian(t7);
            const double t9 = (t6 * t8);
            const double t10 = (t9 * t8);
            t5 = t10;
        } else {
            const double t11 = value_normal_pdf(x0);
            const double t12 = (x0 * t11);
            t5 = t12;
        }
        t3 = t5;
    }
    const double t13 = (-t3);
    return t13;
}

static inline double partial0_ndtr(double x0, double y)
{
    (void)y;
    const double t1 = value_normal_pdf(x0);
    return t1;
}

static double row_value(unsigned op, const double *x)
{
    switch (op) {
    case OP_LESS: return value_less(x[0], x[1]);
    case OP_LESS_EQUAL: return value_less_equal(x[0], x[1]);
    case OP_GREATER: return value_greater(x[0], x[1]);
    case OP_GREATER_EQUAL: return value_greater_equal(x[0], x[1]);
    case OP_EQUAL: return value_equal(x[0], x[1]);
    case OP_NOT_EQUAL: return value_not_equal(x[0], x[1]);
    case OP_LOGICAL_AND: return value_logical_and(x[0], x[1]);
    case OP_LOGICAL_OR: return value_logical_or(x[0], x[1]);
    case OP_WHERE: return value_where(x[0], x[1], x[2]);
    case OP_MAXIMUM: return value_maximum(x[0], x[1]);
    case OP_MINIMUM: return value_minimum(x[0], x[1]);
    case OP_FMAX: return value_fmax(x[0], x[1]);
    case OP_FMIN: return value_fmin(x[0], x[1]);
    case OP_CLIP: return value_clip(x[0], x[1], x[2]);
    case OP_POSITIVE: return value_positive(x[0]);
    case OP_NEGATIVE: return value_negative(x[0]);
    case OP_ADD: return value_add(x[0], x[1]);
    case OP_SUBTRACT: return value_subtract(x[0], x[1]);
    case OP_MULTIPLY: return value_multiply(x[0], x[1]);
    case OP_DIVIDE: return value_divide(x[0], x[1]);
    case OP_OVER_SQUARE: return value_over_square(x[0], x[1]);
    case OP_REMAINDER: return value_remainder(x[0], x[1]);
    case OP_FLOOR_DIVIDE: return value_floor_divide(x[0], x[1]);
    case OP_RECIPROCAL: return value_reciprocal(x[0]);
    case OP_SQUARE: return value_square(x[0]);
    case OP_ABS: return value_abs(x[0]);
    case OP_SIGN: return value_sign(x[0]);
    case OP_FLOOR: return value_floor(x[0]);
    case OP_CEIL: return value_ceil(x[0]);
    case OP_TRUNC: return value_trunc(x[0]);
    case OP_ROUND: return value_round(x[0]);
    case OP_COPYSIGN: return value_copysign(x[0], x[1]);
    case OP_POW: return value_pow(x[0], x[1]);
    case OP_SQRT: return value_sqrt(x[0]);
    case OP_CBRT: return value_cbrt(x[0]);
    case OP_EXP: return value_exp(x[0]);
    case OP_EXP2: return value_exp2(x[0]);
    case OP_EXPM1: return value_expm1(x[0]);
    case OP_LOG: return value_log(x[0]);
    case OP_LOG2: return value_log2(x[0]);
    case OP_LOG10: return value_log10(x[0]);
    case OP_LOG1P: return value_log1p(x[0]);
    case OP_XLOGY: return value_xlogy(x[0], x[1]);
    case OP_SIN: return value_sin(x[0]);
    case OP_COS: return value_cos(x[0]);
    case OP_TAN: return value_tan(x[0]);
    case OP_SINPI: return value_sinpi(x[0]);
    case OP_COSPI: return value_cospi(x[0]);
    case OP_SINC: return value_sinc(x[0]);
    case OP_ASIN: return value_asin(x[0]);
    case OP_ACOS: return value_acos(x[0]);
    case OP_ATAN: return value_atan(x[0]);
    case OP_ATAN2: return value_atan2(x[0], x[1]);
    case OP_HYPOT: return value_hypot(x[0], x[1]);
    case OP_SINH: return value_sinh(x[0]);
    case OP_COSH: return value_cosh(x[0]);
    case OP_TANH: return value_tanh(x[0]);
    case OP_ASINH: return value_asinh(x[0]);
    case OP_ACOSH: return value_acosh(x[0]);
    case OP_ATANH: return value_atanh(x[0]);
    case OP_SIGMOID: return value_sigmoid(x[0]);
    case OP_LOGSIGMOID: return value_logsigmoid(x[0]);
    case OP_SOFTPLUS: return value_softplus(x[0]);
    case OP_RELU: return value_relu(x[0]);
    case OP_LEAKY_RELU: return value_leaky_relu(x[0], x[1]);
    case OP_ELU: return value_elu(x[0], x[1]);
    case OP_SELU: return value_selu(x[0]);
    case OP_SILU: return value_silu(x[0]);
    case OP_MISH: return value_mish(x[0]);
    case OP_SOFTSIGN: return value_softsign(x[0]);
    case OP_GELU: return value_gelu(x[0]);
    case OP_ERF: return value_erf(x[0]);
    case OP_ERFC: return value_erfc(x[0]);
    case OP_GAUSSIAN: return value_gaussian(x[0]);
    case OP_NORMAL_PDF: return value_normal_pdf(x[0]);
    case OP_NDTR: return value_ndtr(x[0]);
    }
    return NAN;
}

static double row_partial(unsigned op, unsigned i, const double *x, double y)
{
    switch (op << 2 | i) {
    case OP_WHERE << 2 | 1: return partial1_where(x[0], x[1], x[2], y);
    case OP_WHERE << 2 | 2: return partial2_where(x[0], x[1], x[2], y);
    case OP_MAXIMUM << 2 | 0: return partial0_maximum(x[0], x[1], y);
    case OP_MAXIMUM << 2 | 1: return partial1_maximum(x[0], x[1], y);
    case OP_MINIMUM << 2 | 0: return partial0_minimum(x[0], x[1], y);
    case OP_MINIMUM << 2 | 1: return partial1_minimum(x[0], x[1], y);
    case OP_FMAX << 2 | 0: return partial0_fmax(x[0], x[1], y);
    case OP_FMAX << 2 | 1: return partial1_fmax(x[0], x[1], y);
    case OP_FMIN << 2 | 0: return partial0_fmin(x[0], x[1], y);
    case OP_FMIN << 2 | 1: return partial1_fmin(x[0], x[1], y);
    case OP_CLIP << 2 | 0: return partial0_clip(x[0], x[1], x[2], y);
    case OP_CLIP << 2 | 1: return partial1_clip(x[0], x[1], x[2], y);
    case OP_CLIP << 2 | 2: return partial2_clip(x[0], x[1], x[2], y);
    case OP_POSITIVE << 2 | 0: return partial0_positive(x[0], y);
    case OP_NEGATIVE << 2 | 0: return partial0_negative(x[0], y);
    case OP_ADD << 2 | 0: return partial0_add(x[0], x[1], y);
    case OP_ADD << 2 | 1: return partial1_add(x[0], x[1], y);
    case OP_SUBTRACT << 2 | 0: return partial0_subtract(x[0], x[1], y);
    case OP_SUBTRACT << 2 | 1: return partial1_subtract(x[0], x[1], y);
    case OP_MULTIPLY << 2 | 0: return partial0_multiply(x[0], x[1], y);
    case OP_MULTIPLY << 2 | 1: return partial1_multiply(x[0], x[1], y);
    case OP_DIVIDE << 2 | 0: return partial0_divide(x[0], x[1], y);
    case OP_DIVIDE << 2 | 1: return partial1_divide(x[0], x[1], y);
    case OP_OVER_SQUARE << 2 | 0: return partial0_over_square(x[0], x[1], y);
    case OP_OVER_SQUARE << 2 | 1: return partial1_over_square(x[0], x[1], y);
    case OP_REMAINDER << 2 | 0: return partial0_remainder(x[0], x[1], y);
    case OP_REMAINDER << 2 | 1: return partial1_remainder(x[0], x[1], y);
    case OP_FLOOR_DIVIDE << 2 | 0: return partial0_floor_divide(x[0], x[1], y);
    case OP_FLOOR_DIVIDE << 2 | 1: return partial1_floor_divide(x[0], x[1], y);
    case OP_RECIPROCAL << 2 | 0: return partial0_reciprocal(x[0], y);
    case OP_SQUARE << 2 | 0: return partial0_square(x[0], y);
    case OP_ABS << 2 | 0: return partial0_abs(x[0], y);
    case OP_SIGN << 2 | 0: return partial0_sign(x[0], y);
    case OP_FLOOR << 2 | 0: return partial0_floor(x[0], y);
    case OP_CEIL << 2 | 0: return partial0_ceil(x[0], y);
    case OP_TRUNC << 2 | 0: return partial0_trunc(x[0], y);
    case OP_ROUND << 2 | 0: return partial0_round(x[0], y);
    case OP_ROUND_TO << 2 | 0: return partial0_round_to(x[0], x[1], y);
    case OP_COPYSIGN << 2 | 0: return partial0_copysign(x[0], x[1], y);
    case OP_COPYSIGN << 2 | 1: return partial1_copysign(x[0], x[1], y);
    case OP_POW << 2 | 0: return partial0_pow(x[0], x[1], y);
    case OP_POW << 2 | 1: return partial1_pow(x[0], x[1], y);
    case OP_SQRT << 2 | 0: return partial0_sqrt(x[0], y);
    case OP_CBRT << 2 | 0: return partial0_cbrt(x[0], y);
    case OP_EXP << 2 | 0: return partial0_exp(x[0], y);
    case OP_EXP2 << 2 | 0: return partial0_exp2(x[0], y);
    case OP_EXPM1 << 2 | 0: return partial0_expm1(x[0], y);
    case OP_LOG << 2 | 0: return partial0_log(x[0], y);
    case OP_LOG2 << 2 | 0: return partial0_log2(x[0], y);
    case OP_LOG10 << 2 | 0: return partial0_log10(x[0], y);
    case OP_LOG1P << 2 | 0: return partial0_log1p(x[0], y);
    case OP_LOGADDEXP << 2 | 0: return partial0_logaddexp(x[0], x[1], y);
    case OP_LOGADDEXP << 2 | 1: return partial1_logaddexp(x[0], x[1], y);
    case OP_XLOGY << 2 | 0: return partial0_xlogy(x[0], x[1], y);
    case OP_XLOGY << 2 | 1: return partial1_xlogy(x[0], x[1], y);
    case OP_SIN << 2 | 0: return partial0_sin(x[0], y);
    case OP_COS << 2 | 0: return partial0_cos(x[0], y);
    case OP_TAN << 2 | 0: return partial0_tan(x[0], y);
    case OP_SINPI << 2 | 0: return partial0_sinpi(x[0], y);
    case OP_COSPI << 2 | 0: return partial0_cospi(x[0], y);
    case OP_SINC << 2 | 0: return partial0_sinc(x[0], y);
    case OP_ASIN << 2 | 0: return partial0_asin(x[0], y);
    case OP_ACOS << 2 | 0: return partial0_acos(x[0], y);
    case OP_ATAN << 2 | 0: return partial0_atan(x[0], y);
    case OP_ATAN2 << 2 | 0: return partial0_atan2(x[0], x[1], y);
    case OP_ATAN2 << 2 | 1: return partial1_atan2(x[0], x[1], y);
    case OP_HYPOT << 2 | 0: return partial0_hypot(x[0], x[1], y);
    case OP_HYPOT << 2 | 1: return partial1_hypot(x[0], x[1], y);
    case OP_SINH << 2 | 0: return partial0_sinh(x[0], y);
    case OP_COSH << 2 | 0: return partial0_cosh(x[0], y);
    case OP_TANH << 2 | 0: return partial0_tanh(x[0], y);
    case OP_ASINH << 2 | 0: return partial0_asinh(x[0], y);
    case OP_ACOSH << 2 | 0: return partial0_acosh(x[0], y);
    case OP_ATANH << 2 | 0: return partial0_atanh(x[0], y);
    case OP_SIGMOID << 2 | 0: return partial0_sigmoid(x[0], y);
    case OP_LOGSIGMOID << 2 | 0: return partial0_logsigmoid(x[0], y);
    case OP_SOFTPLUS << 2 | 0: return partial0_softplus(x[0], y);
    case OP_RELU << 2 | 0: return partial0_relu(x[0], y);
    case OP_LEAKY_RELU << 2 | 0: return partial0_leaky_relu(x[0], x[1], y);
    case OP_LEAKY_RELU << 2 | 1: return partial1_leaky_relu(x[0], x[1], y);
    case OP_ELU << 2 | 0: return partial0_elu(x[0], x[1], y);
    case OP_ELU << 2 | 1: return partial1_elu(x[0], x[1], y);
    case OP_SELU << 2 | 0: return partial0_selu(x[0], y);
    case OP_SILU << 2 | 0: return partial0_silu(x[0], y);
    case OP_MISH << 2 | 0: return partial0_mish(x[0], y);
    case OP_SOFTSIGN << 2 | 0: return partial0_softsign(x[0], y);
    case OP_GELU << 2 | 0: return partial0_gelu(x[0], y);
    case OP_ERF << 2 | 0: return partial0_erf(x[0], y);
    case OP_ERFC << 2 | 0: return partial0_erfc(x[0], y);
    case OP_GAUSSIAN << 2 | 0: return partial0_gaussian(x[0], y);
    case OP_NORMAL_PDF << 2 | 0: return partial0_normal_pdf(x[0], y);
    case OP_NDTR << 2 | 0: return partial0_ndtr(x[0], y);
    }
    return NAN;
}

/* name, arguments, bits of those with a partial, traits, flags of its nodes */
static const Row rows[OP_COUNT] = {
    {"", 0, 0, 0, 0},
    {"less", 2, 0, 0, 0},
    {"less_equal", 2, 0, 0, 0},
    {"greater", 2, 0, 0, 0},
    {"greater_equal", 2, 0, 0, 0},
    {"equal", 2, 0, 0, 0},
    {"not_equal", 2, 0, 0, 0},
    {"logical_and", 2, 0, 0, 0},
    {"logical_or", 2, 0, 0, 0},
    {"where", 3, 6, SELECTS, 0},
    {"maximum", 2, 3, SELECTS, 0},
    {"minimum", 2, 3, SELECTS, 0},
    {"fmax", 2, 3, SELECTS, 0},
    {"fmin", 2, 3, SELECTS, 0},
    {"clip", 3, 7, SELECTS, 0},
    {"positive", 1, 1, PLAIN, 0},
    {"negative", 1, 1, PLAIN, 0},
    {"add", 2, 3, PLAIN, 0},
    {"subtract", 2, 3, PLAIN, 0},
    {"multiply", 2, 3, PLAIN, 0},
    {"divide", 2, 3, PLAIN, 0},
    {"over_square", 2, 3, PLAIN, 0},
    {"remainder", 2, 3, PLAIN, 0},
    {"floor_divide", 2, 3, PLAIN, 0},
    {"reciprocal", 1, 1, PLAIN, 0},
    {"square", 1, 1, PLAIN, 0},
    {"abs", 1, 1, PLAIN, 0},
    {"sign", 1, 1, PLAIN, 0},
    {"floor", 1, 1, PLAIN, 0},
    {"ceil", 1, 1, PLAIN, 0},
    {"trunc", 1, 1, PLAIN, 0},
    {"round", 1, 1, PLAIN, 0},
    {"round_to", 2, 1, VALUE_IN_PYTHON, 0},
    {"copysign", 2, 3, PLAIN, 0},
    {"pow", 2, 3, PLAIN, 0},
    {"sqrt", 1, 1, PLAIN, 0},
    {"cbrt", 1, 1, PLAIN, 0},
    {"exp", 1, 1, PLAIN, 0},
    {"exp2", 1, 1, PLAIN, 0},
    {"expm1", 1, 1, PLAIN, 0},
    {"log", 1, 1, PLAIN, 0},
    {"log2", 1, 1, PLAIN, 0},
    {"log10", 1, 1, PLAIN, 0},
    {"log1p", 1, 1, PLAIN, 0},
    {"logaddexp", 2, 3, PLAIN | VALUE_IN_PYTHON, 0},
    {"xlogy", 2, 3, PLAIN, 0},
    {"sin", 1, 1, PLAIN, 0},
    {"cos", 1, 1, PLAIN, 0},
    {"tan", 1, 1, PLAIN, 0},
    {"sinpi", 1, 1, PLAIN, 0},
    {"cospi", 1, 1, PLAIN, 0},
    {"sinc", 1, 1, PLAIN, 0},
    {"asin", 1, 1, PLAIN, 0},
    {"acos", 1, 1, PLAIN, 0},
    {"atan", 1, 1, PLAIN, 0},
    {"atan2", 2, 3, PLAIN, 0},
    {"hypot", 2, 3, PLAIN, 0},
    {"sinh", 1, 1, PLAIN, 0},
    {"cosh", 1, 1, PLAIN, 0},
    {"tanh", 1, 1, PLAIN, 0},
    {"asinh", 1, 1, PLAIN, 0},
    {"acosh", 1, 1, PLAIN, 0},
    {"atanh", 1, 1, PLAIN, 0},
    {"sigmoid", 1, 1, PLAIN, 0},
    {"logsigmoid", 1, 1, PLAIN, 0},
    {"softplus", 1, 1, PLAIN, 0},
    {"relu", 1, 1, SELECTS, 0},
    {"leaky_relu", 2, 3, PLAIN, 0},
    {"elu", 2, 3, PLAIN, 0},
    {"selu", 1, 1, PLAIN, 0},
    {"silu", 1, 1, PLAIN, 0},
    {"mish", 1, 1, PLAIN, 0},
    {"softsign", 1, 1, PLAIN, 0},
    {"gelu", 1, 1, PLAIN, 0},
    {"gelu_tanh", 1, 1, PLAIN | VALUE_IN_PYTHON | PARTIALS_IN_PYTHON, IN_PYTHON},
    {"gelu_exp", 2, 1, VALUE_IN_PYTHON | PARTIALS_IN_PYTHON, IN_PYTHON},
    {"erf", 1, 1, PLAIN, 0},
    {"erfc", 1, 1, PLAIN, 0},
    {"gaussian", 1, 1, PLAIN, 0},
    {"normal_pdf", 1, 1, PLAIN, 0},
    {"ndtr", 1, 1, PLAIN, 0},
    {"lgamma", 1, 1, PLAIN | VALUE_IN_PYTHON | PARTIALS_IN_PYTHON, IN_PYTHON},
    {"digamma", 1, 1, PLAIN | VALUE_IN_PYTHON | PARTIALS_IN_PYTHON, IN_PYTHON},
    {"polygamma", 2, 2, VALUE_IN_PYTHON | PARTIALS_IN_PYTHON, IN_PYTHON},
    {"sum", 1, 0, NARY, 0},
    {"prod", 1, 0, NARY, 0},
    {"dot", 1, 0, NARY, 0},
    {"mean", 1, 0, NARY, 0},
    {"variance", 1, 0, NARY, 0},
    {"std", 1, 0, NARY, 0},
    {"norm", 1, 0, NARY, 0},
    {"max", 1, 0, SELECTS | NARY, 0},
    {"min", 1, 0, SELECTS | NARY, 0},
    {"logsumexp", 1, 0, NARY, 0},
    {"softmax", 1, 0, NARY, 0},
    {"log_softmax", 1, 0, NARY, 0},
    {"", 0, 0, NARY | VALUE_IN_PYTHON | PARTIALS_IN_PYTHON, IN_PYTHON},
};

/* What each partial records when Values pass through it: see nodes.h. */
#define MOST_STEPS 100
static const double formula_numbers[] = {1.0, 0.0, 0.5, NAN, (-1.0), 1.1830521861667747e-271, 4.909093465297727e-91, 2.028240960365167e+31, 4.930380657631324e-32, (-2.0), 2.0, INFINITY, 2.2250738585072014e-308, 0.3333333333333333, 1023.0, 0.6931471805599453, 1.3862943611198906, 1.4426950408889634, 0.4342944819032518, (-INFINITY), 1000.0, 3.141592653589793, (-3.141592653589793), 2.635212528439635e-16, (-2.0132015080808862e-14), 1.3217901389162304e-12, (-7.365893777096939e-11), 3.433076949964284e-09, (-1.3148481279991983e-07), 4.049947846619241e-06, (-9.766223126318928e-05), 0.001781145516372851, (-0.023460810354558225), 0.20918278254123832, (-1.144510944732505), 3.246969701133414, (-3.289868133696453), 100000000.0, 3.273390607896142e+150, 3.054936363499605e-151, 4.149515568880993e+180, 2.409919865102884e-181, 4.0, (-700.0), 1.7580993408473766, 1.0507009873554805, 9.313225746154785e-10, (-1600.0), 1600.0, (-0.0), 6.0, 750.0, (-40.0), 40.0, 0.3989422804014327, 60.0, 37.5, 0.21406444881780073, 1.5957691216057308, 0.7978845608028654, 0.134145, 1.1283791670955126, (-1.1283791670955126), 26.61};
static const Step steps1_where[] = {{OP_WHERE, 0, {0, -1, -2}}};
static const Step steps2_where[] = {{OP_WHERE, 0, {0, -2, -1}}};
static const Step steps0_maximum[] = {{OP_GREATER, 1, {0, 1, 0}}, {OP_LESS, 1, {0, 1, 0}}, {OP_EQUAL, 1, {0, 1, 0}}, {OP_WHERE, 1, {6, -3, -4}}, {OP_WHERE, 1, {5, -2, 7}}, {OP_WHERE, 1, {4, -1, 8}}};
static const Step steps1_maximum[] = {{OP_GREATER, 1, {1, 0, 0}}, {OP_LESS, 1, {1, 0, 0}}, {OP_EQUAL, 1, {0, 1, 0}}, {OP_WHERE, 1, {6, -3, -4}}, {OP_WHERE, 1, {5, -2, 7}}, {OP_WHERE, 1, {4, -1, 8}}};
static const Step steps0_minimum[] = {{OP_LESS, 1, {0, 1, 0}}, {OP_GREATER, 1, {0, 1, 0}}, {OP_EQUAL, 1, {0, 1, 0}}, {OP_WHERE, 1, {6, -3, -4}}, {OP_WHERE, 1, {5, -2, 7}}, {OP_WHERE, 1, {4, -1, 8}}};
static const Step steps1_minimum[] = {{OP_LESS, 1, {1, 0, 0}}, {OP_GREATER, 1, {1, 0, 0}}, {OP_EQUAL, 1, {0, 1, 0}}, {OP_WHERE, 1, {6, -3, -4}}, {OP_WHERE, 1, {5, -2, 7}}, {OP_WHERE, 1, {4, -1, 8}}};
static const Step steps0_fmax[] = {{OP_EQUAL, 1, {0, 1, 0}}, {OP_EQUAL, 1, {0, 3, 0}}, {OP_EQUAL, 1, {1, 3, 0}}, {OP_WHERE, 1, {6, -2, -4}}, {OP_WHERE, 1, {5, -1, 7}}, {OP_WHERE, 1, {4, -3, 8}}};
static const Step steps1_fmax[] = {{OP_EQUAL, 1, {0, 1, 0}}, {OP_EQUAL, 1, {1, 3, 0}}, {OP_EQUAL, 1, {0, 3, 0}}, {OP_WHERE, 1, {6, -2, -4}}, {OP_WHERE, 1, {5, -1, 7}}, {OP_WHERE, 1, {4, -3, 8}}};
static const Step steps0_fmin[] = {{OP_EQUAL, 1, {0, 1, 0}}, {OP_EQUAL, 1, {0, 3, 0}}, {OP_EQUAL, 1, {1, 3, 0}}, {OP_WHERE, 1, {6, -2, -4}}, {OP_WHERE, 1, {5, -1, 7}}, {OP_WHERE, 1, {4, -3, 8}}};
static const Step steps1_fmin[] = {{OP_EQUAL, 1, {0, 1, 0}}, {OP_EQUAL, 1, {1, 3, 0}}, {OP_EQUAL, 1, {0, 3, 0}}, {OP_WHERE, 1, {6, -2, -4}}, {OP_WHERE, 1, {5, -1, 7}}, {OP_WHERE, 1, {4, -3, 8}}};
static const Step steps0_clip[] = {{OP_GREATER_EQUAL, 1, {0, 1, 0}}, {OP_LESS_EQUAL, 1, {0, 2, 0}}, {OP_LOGICAL_AND, 1, {4, 5, 0}}, {OP_EQUAL, 1, {3, 3, 0}}, {OP_WHERE, 1, {7, -2, -4}}, {OP_WHERE, 1, {6, -1, 8}}};
static const Step steps1_clip[] = {{OP_LESS, 1, {0, 1, 0}}, {OP_LESS_EQUAL, 1, {1, 2, 0}}, {OP_LOGICAL_AND, 1, {4, 5, 0}}, {OP_EQUAL, 1, {1, 2, 0}}, {OP_WHERE, 1, {7, -3, -1}}, {OP_EQUAL, 1, {3, 3, 0}}, {OP_WHERE, 1, {9, -2, -4}}, {OP_WHERE, 1, {6, 8, 10}}};
static const Step steps2_clip[] = {{OP_LESS, 1, {0, 1, 0}}, {OP_EQUAL, 1, {1, 2, 0}}, {OP_LOGICAL_AND, 1, {4, 5, 0}}, {OP_GREATER, 1, {0, 2, 0}}, {OP_GREATER, 1, {1, 2, 0}}, {OP_LOGICAL_OR, 1, {7, 8, 0}}, {OP_EQUAL, 1, {3, 3, 0}}, {OP_WHERE, 1, {10, -2, -4}}, {OP_WHERE, 1, {9, -1, 11}}, {OP_WHERE, 1, {6, -3, 12}}};
static const Step steps0_divide[] = {{OP_DIVIDE, 0, {-1, 1, 0}}};
static const Step steps1_divide[] = {{OP_OVER_SQUARE, 0, {0, 1, 0}}, {OP_NEGATIVE, 0, {4, 0, 0}}};
static const Step steps0_over_square[] = {{OP_OVER_SQUARE, 0, {-1, 1, 0}}};
static const Step steps1_over_square[] = {{OP_ABS, 0, {0, 0, 0}}, {OP_LESS, 1, {4, -6, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_GREATER, 1, {6, -7, 0}}, {OP_LOGICAL_AND, 1, {5, 7, 0}}, {OP_MULTIPLY, 0, {0, -8, 0}}, {OP_WHERE, 0, {8, 9, 0}}, {OP_DIVIDE, 0, {10, 1, 0}}, {OP_OVER_SQUARE, 0, {11, 1, 0}}, {OP_MULTIPLY, 0, {12, -9, 0}}, {OP_WHERE, 0, {8, 13, 12}}, {OP_MULTIPLY, 0, {-10, 14, 0}}};
static const Step steps1_remainder[] = {{OP_FLOOR_DIVIDE, 0, {0, 1, 0}}, {OP_NEGATIVE, 0, {4, 0, 0}}};
static const Step steps0_reciprocal[] = {{OP_MULTIPLY, 0, {3, 3, 0}}, {OP_NEGATIVE, 0, {4, 0, 0}}};
static const Step steps0_square[] = {{OP_MULTIPLY, 0, {-11, 0, 0}}};
static const Step steps0_abs[] = {{OP_SIGN, 0, {0, 0, 0}}};
static const Step steps0_copysign[] = {{OP_SIGN, 0, {0, 0, 0}}, {OP_COPYSIGN, 0, {-1, 1, 0}}, {OP_MULTIPLY, 0, {4, 5, 0}}};
static const Step steps0_pow[] = {{OP_LESS, 1, {0, -2, 0}}, {OP_NEGATIVE, 0, {0, 0, 0}}, {OP_WHERE, 0, {4, 5, 0}}, {OP_SUBTRACT, 0, {1, -1, 0}}, {OP_SUBTRACT, 0, {7, 1, 0}}, {OP_SUBTRACT, 0, {7, 8, 0}}, {OP_SUBTRACT, 0, {1, 9, 0}}, {OP_ADD, 0, {-1, 8, 0}}, {OP_SUBTRACT, 0, {10, 11, 0}}, {OP_LOG, 0, {6, 0, 0}}, {OP_MULTIPLY, 0, {12, 13, 0}}, {OP_EQUAL, 1, {12, -2, 0}}, {OP_NOT_EQUAL, 1, {12, 12, 0}}, {OP_LOGICAL_OR, 1, {15, 16, 0}}, {OP_EQUAL, 1, {6, -2, 0}}, {OP_LOGICAL_OR, 1, {17, 18, 0}}, {OP_EQUAL, 1, {6, -12, 0}}, {OP_LOGICAL_OR, 1, {19, 20, 0}}, {OP_POW, 0, {6, 7, 0}}, {OP_MULTIPLY, 0, {-3, 7, 0}}, {OP_POW, 0, {6, 23, 0}}, {OP_NOT_EQUAL, 1, {6, -2, 0}}, {OP_LESS, 1, {22, -13, 0}}, {OP_EQUAL, 1, {22, -12, 0}}, {OP_LOGICAL_OR, 1, {26, 27, 0}}, {OP_LOGICAL_AND, 1, {25, 28, 0}}, {OP_MULTIPLY, 0, {1, 24, 0}}, {OP_MULTIPLY, 0, {30, 24, 0}}, {OP_MULTIPLY, 0, {1, 22, 0}}, {OP_WHERE, 0, {29, 31, 32}}, {OP_ABS, 0, {14, 0, 0}}, {OP_GREATER, 1, {34, -3, 0}}, {OP_ADD, 0, {-1, 14, 0}}, {OP_WHERE, 0, {35, -1, 36}}, {OP_WHERE, 0, {21, -1, 37}}, {OP_MULTIPLY, 0, {33, 38, 0}}, {OP_EQUAL, 1, {1, -2, 0}}, {OP_EQUAL, 1, {6, -2, 0}}, {OP_EQUAL, 1, {6, -12, 0}}, {OP_LOGICAL_OR, 1, {41, 42, 0}}, {OP_NOT_EQUAL, 1, {0, 0, 0}}, {OP_LOGICAL_OR, 1, {43, 44, 0}}, {OP_LOGICAL_AND, 1, {40, 45, 0}}, {OP_EQUAL, 1, {22, -2, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_EQUAL, 1, {48, -12, 0}}, {OP_LOGICAL_AND, 1, {47, 49, 0}}, {OP_LOGICAL_OR, 1, {46, 50, 0}}, {OP_LESS, 1, {0, -2, 0}}, {OP_COPYSIGN, 0, {-1, 3, 0}}, {OP_GREATER, 1, {53, -2, 0}}, {OP_LOGICAL_AND, 1, {52, 54, 0}}, {OP_NEGATIVE, 0, {39, 0, 0}}, {OP_WHERE, 0, {55, 56, 39}}, {OP_WHERE, 0, {51, -2, 57}}};
static const Step steps1_pow[] = {{OP_MULTIPLY, 0, {-3, 1, 0}}, {OP_POW, 0, {0, 4, 0}}, {OP_LOG, 0, {0, 0, 0}}, {OP_ABS, 0, {3, 0, 0}}, {OP_LESS, 1, {7, -13, 0}}, {OP_ABS, 0, {3, 0, 0}}, {OP_EQUAL, 1, {9, -12, 0}}, {OP_LOGICAL_OR, 1, {8, 10, 0}}, {OP_EQUAL, 1, {0, -2, 0}}, {OP_GREATER_EQUAL, 1, {1, -2, 0}}, {OP_LOGICAL_AND, 1, {12, 13, 0}}, {OP_EQUAL, 1, {0, -12, 0}}, {OP_LESS, 1, {1, -2, 0}}, {OP_LOGICAL_AND, 1, {15, 16, 0}}, {OP_LOGICAL_OR, 1, {14, 17, 0}}, {OP_MULTIPLY, 0, {5, 6, 0}}, {OP_MULTIPLY, 0, {19, 5, 0}}, {OP_MULTIPLY, 0, {3, 6, 0}}, {OP_WHERE, 0, {11, 20, 21}}, {OP_WHERE, 0, {18, -2, 22}}};
static const Step steps0_sqrt[] = {{OP_ADD, 0, {3, -2, 0}}, {OP_DIVIDE, 0, {-3, 4, 0}}};
static const Step steps0_cbrt[] = {{OP_OVER_SQUARE, 0, {-14, 3, 0}}};
static const Step steps0_exp2[] = {{OP_LESS, 1, {0, -15, 0}}, {OP_MULTIPLY, 0, {-16, 3, 0}}, {OP_SUBTRACT, 0, {0, -1, 0}}, {OP_EXP2, 0, {6, 0, 0}}, {OP_MULTIPLY, 0, {-17, 7, 0}}, {OP_WHERE, 0, {4, 5, 8}}};
static const Step steps0_expm1[] = {{OP_EXP, 0, {0, 0, 0}}};
static const Step steps0_log[] = {{OP_ADD, 0, {0, -2, 0}}, {OP_DIVIDE, 0, {-1, 4, 0}}};
static const Step steps0_log2[] = {{OP_ADD, 0, {0, -2, 0}}, {OP_DIVIDE, 0, {-18, 4, 0}}};
static const Step steps0_log10[] = {{OP_ADD, 0, {0, -2, 0}}, {OP_DIVIDE, 0, {-19, 4, 0}}};
static const Step steps0_log1p[] = {{OP_ADD, 0, {-1, 0, 0}}, {OP_DIVIDE, 0, {-1, 4, 0}}};
static const Step steps0_logaddexp[] = {{OP_EQUAL, 1, {3, -20, 0}}, {OP_EQUAL, 1, {0, 1, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_EQUAL, 1, {6, -12, 0}}, {OP_LOGICAL_AND, 1, {5, 7, 0}}, {OP_SUBTRACT, 0, {0, 1, 0}}, {OP_WHERE, 0, {8, -2, 9}}, {OP_SUBTRACT, 0, {10, 0, 0}}, {OP_ABS, 0, {10, 0, 0}}, {OP_LESS, 1, {12, -21, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_LESS, 1, {14, -12, 0}}, {OP_LOGICAL_AND, 1, {13, 15, 0}}, {OP_SUBTRACT, 0, {10, 11, 0}}, {OP_SUBTRACT, 0, {0, 17, 0}}, {OP_ADD, 0, {1, 11, 0}}, {OP_SUBTRACT, 0, {18, 19, 0}}, {OP_WHERE, 0, {16, 20, -2}}, {OP_SIGMOID, 0, {10, 0, 0}}, {OP_NEGATIVE, 0, {10, 0, 0}}, {OP_SIGMOID, 0, {23, 0, 0}}, {OP_MULTIPLY, 0, {22, 24, 0}}, {OP_MULTIPLY, 0, {25, 21, 0}}, {OP_ADD, 0, {22, 26, 0}}, {OP_WHERE, 0, {4, -2, 27}}};
static const Step steps1_logaddexp[] = {{OP_EQUAL, 1, {3, -20, 0}}, {OP_EQUAL, 1, {1, 0, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_EQUAL, 1, {6, -12, 0}}, {OP_LOGICAL_AND, 1, {5, 7, 0}}, {OP_SUBTRACT, 0, {1, 0, 0}}, {OP_WHERE, 0, {8, -2, 9}}, {OP_SUBTRACT, 0, {10, 1, 0}}, {OP_ABS, 0, {10, 0, 0}}, {OP_LESS, 1, {12, -21, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_LESS, 1, {14, -12, 0}}, {OP_LOGICAL_AND, 1, {13, 15, 0}}, {OP_SUBTRACT, 0, {10, 11, 0}}, {OP_SUBTRACT, 0, {1, 17, 0}}, {OP_ADD, 0, {0, 11, 0}}, {OP_SUBTRACT, 0, {18, 19, 0}}, {OP_WHERE, 0, {16, 20, -2}}, {OP_SIGMOID, 0, {10, 0, 0}}, {OP_NEGATIVE, 0, {10, 0, 0}}, {OP_SIGMOID, 0, {23, 0, 0}}, {OP_MULTIPLY, 0, {22, 24, 0}}, {OP_MULTIPLY, 0, {25, 21, 0}}, {OP_ADD, 0, {22, 26, 0}}, {OP_WHERE, 0, {4, -2, 27}}};
static const Step steps0_xlogy[] = {{OP_LOG, 0, {1, 0, 0}}};
static const Step steps1_xlogy[] = {{OP_EQUAL, 1, {0, -2, 0}}, {OP_EQUAL, 1, {1, -2, 0}}, {OP_LOGICAL_AND, 1, {4, 5, 0}}, {OP_ADD, 0, {1, -2, 0}}, {OP_DIVIDE, 0, {0, 7, 0}}, {OP_WHERE, 0, {6, -2, 8}}};
static const Step steps0_sin[] = {{OP_COS, 0, {0, 0, 0}}};
static const Step steps0_cos[] = {{OP_SIN, 0, {0, 0, 0}}, {OP_NEGATIVE, 0, {4, 0, 0}}};
static const Step steps0_tan[] = {{OP_MULTIPLY, 0, {3, 3, 0}}, {OP_ADD, 0, {-1, 4, 0}}};
static const Step steps0_sinpi[] = {{OP_COSPI, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {-22, 4, 0}}};
static const Step steps0_cospi[] = {{OP_SINPI, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {-23, 4, 0}}};
static const Step steps0_sinc[] = {{OP_MULTIPLY, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {4, -2, 0}}, {OP_ADD, 0, {-24, 5, 0}}, {OP_MULTIPLY, 0, {4, 6, 0}}, {OP_ADD, 0, {-25, 7, 0}}, {OP_MULTIPLY, 0, {4, 8, 0}}, {OP_ADD, 0, {-26, 9, 0}}, {OP_MULTIPLY, 0, {4, 10, 0}}, {OP_ADD, 0, {-27, 11, 0}}, {OP_MULTIPLY, 0, {4, 12, 0}}, {OP_ADD, 0, {-28, 13, 0}}, {OP_MULTIPLY, 0, {4, 14, 0}}, {OP_ADD, 0, {-29, 15, 0}}, {OP_MULTIPLY, 0, {4, 16, 0}}, {OP_ADD, 0, {-30, 17, 0}}, {OP_MULTIPLY, 0, {4, 18, 0}}, {OP_ADD, 0, {-31, 19, 0}}, {OP_MULTIPLY, 0, {4, 20, 0}}, {OP_ADD, 0, {-32, 21, 0}}, {OP_MULTIPLY, 0, {4, 22, 0}}, {OP_ADD, 0, {-33, 23, 0}}, {OP_MULTIPLY, 0, {4, 24, 0}}, {OP_ADD, 0, {-34, 25, 0}}, {OP_MULTIPLY, 0, {4, 26, 0}}, {OP_ADD, 0, {-35, 27, 0}}, {OP_MULTIPLY, 0, {4, 28, 0}}, {OP_ADD, 0, {-36, 29, 0}}, {OP_MULTIPLY, 0, {4, 30, 0}}, {OP_ADD, 0, {-37, 31, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_EQUAL, 1, {33, -12, 0}}, {OP_COSPI, 0, {0, 0, 0}}, {OP_SUBTRACT, 0, {35, 3, 0}}, {OP_DIVIDE, 0, {36, 0, 0}}, {OP_WHERE, 0, {34, -2, 37}}, {OP_ABS, 0, {0, 0, 0}}, {OP_LESS, 1, {39, -3, 0}}, {OP_MULTIPLY, 0, {0, 32, 0}}, {OP_WHERE, 0, {40, 41, 38}}};
static const Step steps0_asin[] = {{OP_SUBTRACT, 0, {-1, 0, 0}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_MULTIPLY, 0, {4, 5, 0}}, {OP_SQRT, 0, {6, 0, 0}}, {OP_DIVIDE, 0, {-1, 7, 0}}};
static const Step steps0_acos[] = {{OP_SUBTRACT, 0, {-1, 0, 0}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_MULTIPLY, 0, {4, 5, 0}}, {OP_SQRT, 0, {6, 0, 0}}, {OP_DIVIDE, 0, {-5, 7, 0}}};
static const Step steps0_atan[] = {{OP_ABS, 0, {0, 0, 0}}, {OP_GREATER, 1, {4, -38, 0}}, {OP_DIVIDE, 0, {-1, 0, 0}}, {OP_SQUARE, 0, {6, 0, 0}}, {OP_MULTIPLY, 0, {0, 0, 0}}, {OP_ADD, 0, {-1, 8, 0}}, {OP_DIVIDE, 0, {-1, 9, 0}}, {OP_WHERE, 0, {5, 7, 10}}};
static const Step steps0_atan2[] = {{OP_ABS, 0, {0, 0, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_GREATER, 1, {4, 5, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_WHERE, 0, {6, 7, 8}}, {OP_GREATER, 1, {9, -39, 0}}, {OP_LESS, 1, {9, -40, 0}}, {OP_WHERE, 1, {11, -41, -1}}, {OP_WHERE, 1, {10, -42, 12}}, {OP_MULTIPLY, 0, {0, 13, 0}}, {OP_MULTIPLY, 0, {0, 13, 0}}, {OP_MULTIPLY, 0, {14, 15, 0}}, {OP_MULTIPLY, 0, {1, 13, 0}}, {OP_MULTIPLY, 0, {1, 13, 0}}, {OP_MULTIPLY, 0, {17, 18, 0}}, {OP_ADD, 0, {16, 19, 0}}, {OP_EQUAL, 1, {9, -2, 0}}, {OP_EQUAL, 1, {9, -12, 0}}, {OP_LOGICAL_OR, 1, {21, 22, 0}}, {OP_MULTIPLY, 0, {1, 13, 0}}, {OP_DIVIDE, 0, {24, 20, 0}}, {OP_MULTIPLY, 0, {25, 13, 0}}, {OP_WHERE, 0, {23, -2, 26}}};
static const Step steps1_atan2[] = {{OP_ABS, 0, {0, 0, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_GREATER, 1, {4, 5, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_WHERE, 0, {6, 7, 8}}, {OP_GREATER, 1, {9, -39, 0}}, {OP_LESS, 1, {9, -40, 0}}, {OP_WHERE, 1, {11, -41, -1}}, {OP_WHERE, 1, {10, -42, 12}}, {OP_MULTIPLY, 0, {0, 13, 0}}, {OP_MULTIPLY, 0, {0, 13, 0}}, {OP_MULTIPLY, 0, {14, 15, 0}}, {OP_MULTIPLY, 0, {1, 13, 0}}, {OP_MULTIPLY, 0, {1, 13, 0}}, {OP_MULTIPLY, 0, {17, 18, 0}}, {OP_ADD, 0, {16, 19, 0}}, {OP_EQUAL, 1, {9, -2, 0}}, {OP_EQUAL, 1, {9, -12, 0}}, {OP_LOGICAL_OR, 1, {21, 22, 0}}, {OP_MULTIPLY, 0, {0, 13, 0}}, {OP_DIVIDE, 0, {24, 20, 0}}, {OP_MULTIPLY, 0, {25, 13, 0}}, {OP_WHERE, 0, {23, -2, 26}}, {OP_NEGATIVE, 0, {27, 0, 0}}};
static const Step steps0_hypot[] = {{OP_ABS, 0, {0, 0, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_GREATER_EQUAL, 1, {4, 5, 0}}, {OP_DIVIDE, 0, {1, 0, 0}}, {OP_DIVIDE, 0, {0, 1, 0}}, {OP_WHERE, 0, {6, 7, 8}}, {OP_ABS, 0, {0, 0, 0}}, {OP_EQUAL, 1, {10, -12, 0}}, {OP_ABS, 0, {1, 0, 0}}, {OP_EQUAL, 1, {12, -12, 0}}, {OP_LOGICAL_AND, 1, {11, 13, 0}}, {OP_WHERE, 0, {14, -1, 9}}, {OP_WHERE, 0, {6, 0, 1}}, {OP_LESS, 1, {16, -2, 0}}, {OP_WHERE, 0, {6, -1, 15}}, {OP_MULTIPLY, 0, {15, 15, 0}}, {OP_ADD, 0, {-1, 19, 0}}, {OP_SQRT, 0, {20, 0, 0}}, {OP_DIVIDE, 0, {18, 21, 0}}, {OP_EQUAL, 1, {3, -2, 0}}, {OP_NEGATIVE, 0, {22, 0, 0}}, {OP_WHERE, 0, {17, 24, 22}}, {OP_WHERE, 0, {23, -2, 25}}};
static const Step steps1_hypot[] = {{OP_ABS, 0, {1, 0, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_GREATER_EQUAL, 1, {4, 5, 0}}, {OP_DIVIDE, 0, {0, 1, 0}}, {OP_DIVIDE, 0, {1, 0, 0}}, {OP_WHERE, 0, {6, 7, 8}}, {OP_ABS, 0, {1, 0, 0}}, {OP_EQUAL, 1, {10, -12, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_EQUAL, 1, {12, -12, 0}}, {OP_LOGICAL_AND, 1, {11, 13, 0}}, {OP_WHERE, 0, {14, -1, 9}}, {OP_WHERE, 0, {6, 1, 0}}, {OP_LESS, 1, {16, -2, 0}}, {OP_WHERE, 0, {6, -1, 15}}, {OP_MULTIPLY, 0, {15, 15, 0}}, {OP_ADD, 0, {-1, 19, 0}}, {OP_SQRT, 0, {20, 0, 0}}, {OP_DIVIDE, 0, {18, 21, 0}}, {OP_EQUAL, 1, {3, -2, 0}}, {OP_NEGATIVE, 0, {22, 0, 0}}, {OP_WHERE, 0, {17, 24, 22}}, {OP_WHERE, 0, {23, -2, 25}}};
static const Step steps0_sinh[] = {{OP_COSH, 0, {0, 0, 0}}};
static const Step steps0_cosh[] = {{OP_SINH, 0, {0, 0, 0}}};
static const Step steps0_tanh[] = {{OP_LESS, 1, {0, -2, 0}}, {OP_NEGATIVE, 0, {0, 0, 0}}, {OP_WHERE, 0, {4, 0, 5}}, {OP_MULTIPLY, 0, {-11, 6, 0}}, {OP_EXP, 0, {7, 0, 0}}, {OP_MULTIPLY, 0, {-43, 8, 0}}, {OP_ADD, 0, {-11, 8, 0}}, {OP_MULTIPLY, 0, {8, 10, 0}}, {OP_ADD, 0, {-1, 11, 0}}, {OP_DIVIDE, 0, {9, 12, 0}}};
static const Step steps0_asinh[] = {{OP_HYPOT, 0, {-1, 0, 0}}, {OP_DIVIDE, 0, {-1, 4, 0}}};
static const Step steps0_acosh[] = {{OP_SUBTRACT, 0, {0, -1, 0}}, {OP_SQRT, 0, {4, 0, 0}}, {OP_ADD, 0, {0, -1, 0}}, {OP_SQRT, 0, {6, 0, 0}}, {OP_MULTIPLY, 0, {5, 7, 0}}, {OP_DIVIDE, 0, {-1, 8, 0}}};
static const Step steps0_atanh[] = {{OP_SUBTRACT, 0, {-1, 0, 0}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_MULTIPLY, 0, {4, 5, 0}}, {OP_DIVIDE, 0, {-1, 6, 0}}};
static const Step steps0_sigmoid[] = {{OP_LESS, 1, {0, -2, 0}}, {OP_NEGATIVE, 0, {0, 0, 0}}, {OP_WHERE, 0, {4, 0, 5}}, {OP_EXP, 0, {6, 0, 0}}, {OP_ADD, 0, {-11, 7, 0}}, {OP_MULTIPLY, 0, {7, 8, 0}}, {OP_ADD, 0, {-1, 9, 0}}, {OP_DIVIDE, 0, {7, 10, 0}}};
static const Step steps0_logsigmoid[] = {{OP_NEGATIVE, 0, {0, 0, 0}}, {OP_SIGMOID, 0, {4, 0, 0}}};
static const Step steps0_softplus[] = {{OP_SIGMOID, 0, {0, 0, 0}}};
static const Step steps0_relu[] = {{OP_GREATER, 1, {0, -2, 0}}, {OP_LESS_EQUAL, 1, {0, -2, 0}}, {OP_WHERE, 1, {5, -2, -4}}, {OP_WHERE, 1, {4, -1, 6}}};
static const Step steps0_leaky_relu[] = {{OP_GREATER, 1, {0, -2, 0}}, {OP_WHERE, 0, {4, -1, 1}}};
static const Step steps1_leaky_relu[] = {{OP_GREATER, 1, {0, -2, 0}}, {OP_WHERE, 0, {4, -2, 0}}};
static const Step steps0_elu[] = {{OP_GREATER, 1, {0, -2, 0}}, {OP_EQUAL, 1, {0, -2, 0}}, {OP_GREATER, 1, {1, -1, 0}}, {OP_LOGICAL_AND, 1, {5, 6, 0}}, {OP_MULTIPLY, 0, {-3, 0, 0}}, {OP_EXP, 0, {8, 0, 0}}, {OP_LESS, 1, {0, -44, 0}}, {OP_MULTIPLY, 0, {1, 9, 0}}, {OP_MULTIPLY, 0, {11, 9, 0}}, {OP_EXP, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {1, 13, 0}}, {OP_WHERE, 0, {10, 12, 14}}, {OP_WHERE, 0, {7, -1, 15}}, {OP_WHERE, 0, {4, -1, 16}}};
static const Step steps1_elu[] = {{OP_GREATER, 1, {0, -2, 0}}, {OP_EXPM1, 0, {0, 0, 0}}, {OP_WHERE, 0, {4, -2, 5}}};
static const Step steps0_selu[] = {{OP_GREATER_EQUAL, 1, {0, -2, 0}}, {OP_EXP, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {-45, 5, 0}}, {OP_WHERE, 0, {4, -46, 6}}};
static const Step steps0_silu[] = {{OP_LESS, 1, {0, -2, 0}}, {OP_NEGATIVE, 0, {0, 0, 0}}, {OP_WHERE, 0, {4, 0, 5}}, {OP_LESS, 1, {6, -44, 0}}, {OP_MULTIPLY, 0, {-3, 6, 0}}, {OP_EXP, 0, {8, 0, 0}}, {OP_LESS, 1, {0, -2, 0}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_MULTIPLY, 0, {11, 9, 0}}, {OP_MULTIPLY, 0, {12, 9, 0}}, {OP_SUBTRACT, 0, {0, -1, 0}}, {OP_MULTIPLY, 0, {14, 9, 0}}, {OP_MULTIPLY, 0, {15, 9, 0}}, {OP_ADD, 0, {-1, 16, 0}}, {OP_WHERE, 0, {10, 13, 17}}, {OP_EXP, 0, {6, 0, 0}}, {OP_NEGATIVE, 0, {6, 0, 0}}, {OP_EXP, 0, {20, 0, 0}}, {OP_ADD, 0, {-11, 19, 0}}, {OP_MULTIPLY, 0, {19, 22, 0}}, {OP_ADD, 0, {-1, 23, 0}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_ADD, 0, {25, 19, 0}}, {OP_ADD, 0, {-11, 19, 0}}, {OP_ADD, 0, {21, 27, 0}}, {OP_DIVIDE, 0, {26, 28, 0}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_ADD, 0, {30, 19, 0}}, {OP_MULTIPLY, 0, {19, 31, 0}}, {OP_DIVIDE, 0, {32, 24, 0}}, {OP_LESS, 1, {0, -2, 0}}, {OP_GREATER, 1, {19, -47, 0}}, {OP_WHERE, 0, {35, 29, 33}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_MULTIPLY, 0, {19, 37, 0}}, {OP_ADD, 0, {-1, 38, 0}}, {OP_DIVIDE, 0, {39, 24, 0}}, {OP_WHERE, 0, {34, 36, 40}}, {OP_WHERE, 0, {7, 18, 41}}, {OP_LESS, 1, {0, -48, 0}}, {OP_GREATER, 1, {0, -49, 0}}, {OP_WHERE, 0, {44, -1, 42}}, {OP_WHERE, 0, {43, -50, 45}}};
static const Step steps0_mish[] = {{OP_LESS, 1, {0, -2, 0}}, {OP_NEGATIVE, 0, {0, 0, 0}}, {OP_WHERE, 0, {4, 0, 5}}, {OP_EXP, 0, {6, 0, 0}}, {OP_ADD, 0, {-11, 7, 0}}, {OP_MULTIPLY, 0, {7, 8, 0}}, {OP_ADD, 0, {-11, 9, 0}}, {OP_MULTIPLY, 0, {-11, 7, 0}}, {OP_ADD, 0, {-11, 11, 0}}, {OP_MULTIPLY, 0, {7, 12, 0}}, {OP_ADD, 0, {-1, 13, 0}}, {OP_ADD, 0, {0, -1, 0}}, {OP_MULTIPLY, 0, {-43, 15, 0}}, {OP_MULTIPLY, 0, {-43, 0, 0}}, {OP_ADD, 0, {17, -51, 0}}, {OP_ADD, 0, {-43, 7, 0}}, {OP_MULTIPLY, 0, {7, 19, 0}}, {OP_ADD, 0, {18, 20, 0}}, {OP_MULTIPLY, 0, {7, 21, 0}}, {OP_ADD, 0, {16, 22, 0}}, {OP_MULTIPLY, 0, {7, 23, 0}}, {OP_OVER_SQUARE, 0, {24, 10, 0}}, {OP_LESS, 1, {0, -2, 0}}, {OP_ADD, 0, {7, -11, 0}}, {OP_MULTIPLY, 0, {7, 27, 0}}, {OP_DIVIDE, 0, {28, 10, 0}}, {OP_MULTIPLY, 0, {7, 7, 0}}, {OP_MULTIPLY, 0, {-11, 30, 0}}, {OP_DIVIDE, 0, {31, 14, 0}}, {OP_SUBTRACT, 0, {-1, 32, 0}}, {OP_WHERE, 0, {26, 29, 33}}, {OP_ADD, 0, {-1, 7, 0}}, {OP_MULTIPLY, 0, {-43, 35, 0}}, {OP_LESS, 1, {0, -2, 0}}, {OP_MULTIPLY, 0, {0, 7, 0}}, {OP_OVER_SQUARE, 0, {38, 10, 0}}, {OP_MULTIPLY, 0, {0, 7, 0}}, {OP_OVER_SQUARE, 0, {40, 14, 0}}, {OP_MULTIPLY, 0, {7, 41, 0}}, {OP_WHERE, 0, {37, 39, 42}}, {OP_MULTIPLY, 0, {36, 43, 0}}, {OP_GREATER, 1, {0, -52, 0}}, {OP_ADD, 0, {-1, 0, 0}}, {OP_LESS, 1, {0, -5, 0}}, {OP_ADD, 0, {34, 44, 0}}, {OP_WHERE, 0, {47, 25, 48}}, {OP_MULTIPLY, 0, {-3, 0, 0}}, {OP_EXP, 0, {50, 0, 0}}, {OP_LESS, 1, {0, -48, 0}}, {OP_LESS, 1, {0, -44, 0}}, {OP_MULTIPLY, 0, {46, 51, 0}}, {OP_MULTIPLY, 0, {54, 51, 0}}, {OP_WHERE, 0, {53, 55, 49}}, {OP_WHERE, 0, {52, -50, 56}}, {OP_WHERE, 0, {45, -1, 57}}};
static const Step steps0_softsign[] = {{OP_ABS, 0, {0, 0, 0}}, {OP_ADD, 0, {-1, 4, 0}}, {OP_OVER_SQUARE, 0, {-1, 5, 0}}};
static const Step steps0_gelu[] = {{OP_LESS, 1, {0, -53, 0}}, {OP_GREATER, 1, {0, -54, 0}}, {OP_NDTR, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {-3, 0, 0}}, {OP_GAUSSIAN, 0, {7, 0, 0}}, {OP_MULTIPLY, 0, {-55, 0, 0}}, {OP_MULTIPLY, 0, {9, 8, 0}}, {OP_MULTIPLY, 0, {10, 8, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_GREATER, 1, {12, -56, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_GREATER, 1, {14, -57, 0}}, {OP_NORMAL_PDF, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {0, 16, 0}}, {OP_WHERE, 0, {15, 11, 17}}, {OP_WHERE, 0, {13, -2, 18}}, {OP_ADD, 0, {6, 19, 0}}, {OP_WHERE, 0, {5, -1, 20}}, {OP_WHERE, 0, {4, -50, 21}}};
static const Step steps0_erf[] = {{OP_GAUSSIAN, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {-62, 4, 0}}};
static const Step steps0_erfc[] = {{OP_GAUSSIAN, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {-63, 4, 0}}};
static const Step steps0_gaussian[] = {{OP_LESS, 1, {0, -2, 0}}, {OP_NEGATIVE, 0, {0, 0, 0}}, {OP_WHERE, 0, {4, 0, 5}}, {OP_NEGATIVE, 0, {6, 0, 0}}, {OP_SUBTRACT, 0, {7, -1, 0}}, {OP_GAUSSIAN, 0, {8, 0, 0}}, {OP_MULTIPLY, 0, {0, 9, 0}}, {OP_MULTIPLY, 0, {-11, 7, 0}}, {OP_SUBTRACT, 0, {-1, 11, 0}}, {OP_EXP, 0, {12, 0, 0}}, {OP_MULTIPLY, 0, {10, 13, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_GREATER, 1, {15, -54, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_GREATER, 1, {17, -64, 0}}, {OP_MULTIPLY, 0, {0, 3, 0}}, {OP_WHERE, 0, {18, 14, 19}}, {OP_WHERE, 0, {16, -2, 20}}, {OP_MULTIPLY, 0, {-10, 21, 0}}};
static const Step steps0_normal_pdf[] = {{OP_MULTIPLY, 0, {-3, 0, 0}}, {OP_GAUSSIAN, 0, {4, 0, 0}}, {OP_MULTIPLY, 0, {-55, 0, 0}}, {OP_MULTIPLY, 0, {6, 5, 0}}, {OP_MULTIPLY, 0, {7, 5, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_GREATER, 1, {9, -56, 0}}, {OP_ABS, 0, {0, 0, 0}}, {OP_GREATER, 1, {11, -57, 0}}, {OP_NORMAL_PDF, 0, {0, 0, 0}}, {OP_MULTIPLY, 0, {0, 13, 0}}, {OP_WHERE, 0, {12, 8, 14}}, {OP_WHERE, 0, {10, -2, 15}}, {OP_NEGATIVE, 0, {16, 0, 0}}};
static const Step steps0_ndtr[] = {{OP_NORMAL_PDF, 0, {0, 0, 0}}};
static const Formula formulas[OP_COUNT][3] = {
    [OP_WHERE][1] = {steps1_where, 1, 4, 1},
    [OP_WHERE][2] = {steps2_where, 1, 4, 1},
    [OP_MAXIMUM][0] = {steps0_maximum, 6, 9, 1},
    [OP_MAXIMUM][1] = {steps1_maximum, 6, 9, 1},
    [OP_MINIMUM][0] = {steps0_minimum, 6, 9, 1},
    [OP_MINIMUM][1] = {steps1_minimum, 6, 9, 1},
    [OP_FMAX][0] = {steps0_fmax, 6, 9, 1},
    [OP_FMAX][1] = {steps1_fmax, 6, 9, 1},
    [OP_FMIN][0] = {steps0_fmin, 6, 9, 1},
    [OP_FMIN][1] = {steps1_fmin, 6, 9, 1},
    [OP_CLIP][0] = {steps0_clip, 6, 9, 1},
    [OP_CLIP][1] = {steps1_clip, 8, 11, 1},
    [OP_CLIP][2] = {steps2_clip, 10, 13, 1},
    [OP_POSITIVE][0] = {NULL, 0, -1, 1},
    [OP_NEGATIVE][0] = {NULL, 0, -5, 1},
    [OP_ADD][0] = {NULL, 0, -1, 1},
    [OP_ADD][1] = {NULL, 0, -1, 1},
    [OP_SUBTRACT][0] = {NULL, 0, -1, 1},
    [OP_SUBTRACT][1] = {NULL, 0, -5, 1},
    [OP_MULTIPLY][0] = {NULL, 0, 1, 1},
    [OP_MULTIPLY][1] = {NULL, 0, 0, 1},
    [OP_DIVIDE][0] = {steps0_divide, 1, 4, 1},
    [OP_DIVIDE][1] = {steps1_divide, 2, 5, 1},
    [OP_OVER_SQUARE][0] = {steps0_over_square, 1, 4, 1},
    [OP_OVER_SQUARE][1] = {steps1_over_square, 12, 15, 1},
    [OP_REMAINDER][0] = {NULL, 0, -1, 1},
    [OP_REMAINDER][1] = {steps1_remainder, 2, 5, 1},
    [OP_FLOOR_DIVIDE][0] = {NULL, 0, -2, 1},
    [OP_FLOOR_DIVIDE][1] = {NULL, 0, -2, 1},
    [OP_RECIPROCAL][0] = {steps0_reciprocal, 2, 5, 1},
    [OP_SQUARE][0] = {steps0_square, 1, 4, 1},
    [OP_ABS][0] = {steps0_abs, 1, 4, 1},
    [OP_SIGN][0] = {NULL, 0, -2, 1},
    [OP_FLOOR][0] = {NULL, 0, -2, 1},
    [OP_CEIL][0] = {NULL, 0, -2, 1},
    [OP_TRUNC][0] = {NULL, 0, -2, 1},
    [OP_ROUND][0] = {NULL, 0, -2, 1},
    [OP_ROUND_TO][0] = {NULL, 0, -2, 1},
    [OP_COPYSIGN][0] = {steps0_copysign, 3, 6, 1},
    [OP_COPYSIGN][1] = {NULL, 0, -2, 1},
    [OP_POW][0] = {steps0_pow, 55, 58, 1},
    [OP_POW][1] = {steps1_pow, 20, 23, 1},
    [OP_SQRT][0] = {steps0_sqrt, 2, 5, 1},
    [OP_CBRT][0] = {steps0_cbrt, 1, 4, 1},
    [OP_EXP][0] = {NULL, 0, 3, 1},
    [OP_EXP2][0] = {steps0_exp2, 6, 9, 1},
    [OP_EXPM1][0] = {steps0_expm1, 1, 4, 1},
    [OP_LOG][0] = {steps0_log, 2, 5, 1},
    [OP_LOG2][0] = {steps0_log2, 2, 5, 1},
    [OP_LOG10][0] = {steps0_log10, 2, 5, 1},
    [OP_LOG1P][0] = {steps0_log1p, 2, 5, 1},
    [OP_LOGADDEXP][0] = {steps0_logaddexp, 25, 28, 1},
    [OP_LOGADDEXP][1] = {steps1_logaddexp, 25, 28, 1},
    [OP_XLOGY][0] = {steps0_xlogy, 1, 4, 1},
    [OP_XLOGY][1] = {steps1_xlogy, 6, 9, 1},
    [OP_SIN][0] = {steps0_sin, 1, 4, 1},
    [OP_COS][0] = {steps0_cos, 2, 5, 1},
    [OP_TAN][0] = {steps0_tan, 2, 5, 1},
    [OP_SINPI][0] = {steps0_sinpi, 2, 5, 1},
    [OP_COSPI][0] = {steps0_cospi, 2, 5, 1},
    [OP_SINC][0] = {steps0_sinc, 39, 42, 1},
    [OP_ASIN][0] = {steps0_asin, 5, 8, 1},
    [OP_ACOS][0] = {steps0_acos, 5, 8, 1},
    [OP_ATAN][0] = {steps0_atan, 8, 11, 1},
    [OP_ATAN2][0] = {steps0_atan2, 24, 27, 1},
    [OP_ATAN2][1] = {steps1_atan2, 25, 28, 1},
    [OP_HYPOT][0] = {steps0_hypot, 23, 26, 1},
    [OP_HYPOT][1] = {steps1_hypot, 23, 26, 1},
    [OP_SINH][0] = {steps0_sinh, 1, 4, 1},
    [OP_COSH][0] = {steps0_cosh, 1, 4, 1},
    [OP_TANH][0] = {steps0_tanh, 10, 13, 1},
    [OP_ASINH][0] = {steps0_asinh, 2, 5, 1},
    [OP_ACOSH][0] = {steps0_acosh, 6, 9, 1},
    [OP_ATANH][0] = {steps0_atanh, 4, 7, 1},
    [OP_SIGMOID][0] = {steps0_sigmoid, 8, 11, 1},
    [OP_LOGSIGMOID][0] = {steps0_logsigmoid, 2, 5, 1},
    [OP_SOFTPLUS][0] = {steps0_softplus, 1, 4, 1},
    [OP_RELU][0] = {steps0_relu, 4, 7, 1},
    [OP_LEAKY_RELU][0] = {steps0_leaky_relu, 2, 5, 1},
    [OP_LEAKY_RELU][1] = {steps1_leaky_relu, 2, 5, 1},
    [OP_ELU][0] = {steps0_elu, 14, 17, 1},
    [OP_ELU][1] = {steps1_elu, 3, 6, 1},
    [OP_SELU][0] = {steps0_selu, 4, 7, 1},
    [OP_SILU][0] = {steps0_silu, 43, 46, 1},
    [OP_MISH][0] = {steps0_mish, 55, 58, 1},
    [OP_SOFTSIGN][0] = {steps0_softsign, 3, 6, 1},
    [OP_GELU][0] = {steps0_gelu, 19, 22, 1},
    [OP_ERF][0] = {steps0_erf, 2, 5, 1},
    [OP_ERFC][0] = {steps0_erfc, 2, 5, 1},
    [OP_GAUSSIAN][0] = {steps0_gaussian, 19, 22, 1},
    [OP_NORMAL_PDF][0] = {steps0_normal_pdf, 14, 17, 1},
    [OP_NDTR][0] = {steps0_ndtr, 1, 4, 1},
};

#define TABLE "7c510aee60a9d6fc"
