/* Values that no C expression gives: what autograd/special.py and Python's floats
   compute, operation by operation. The sources are cited there. */

typedef struct {
    double hi, lo;
} Pair;

static inline Pair fast_two_sum(double a, double b)
{
    double s = a + b;
    return (Pair){s, b - (s - a)};
}

static inline Pair two_sum(double a, double b)
{
    double s = a + b, t = s - a;
    return (Pair){s, (a - (s - t)) + (b - t)};
}

static inline Pair split(double a)
{
    double t = 134217729.0 * a, hi = t - (t - a);
    return (Pair){hi, a - hi};
}

static inline Pair two_prod(double a, double b)
{
    double p = a * b;
    Pair x = split(a), z = split(b);
    return (Pair){p, ((x.hi * z.hi - p) + x.hi * z.lo + x.lo * z.hi) + x.lo * z.lo};
}

static inline Pair pair_add(Pair a, Pair b)
{
    Pair s = two_sum(a.hi, b.hi);
    return fast_two_sum(s.hi, s.lo + (a.lo + b.lo));
}

static inline Pair pair_divide(Pair a, Pair b)
{
    double q = a.hi / b.hi;
    Pair p = two_prod(q, b.hi);
    return fast_two_sum(q, ((a.hi - p.hi) - p.lo + (a.lo - q * b.lo)) / b.hi);
}

static const double PI = 3.141592653589793, PI_LO = 1.2246467991473532e-16;
static const double SQRT_HALF = 0.7071067811865476, SQRT_HALF_LO = -4.833646656726457e-17;
static const double INV_SQRT_PI = 0.5641895835477563, INV_SQRT_PI_LO = 7.66772980658294e-18;
static const double INV_SQRT_2PI = 0.3989422804014327, INV_SQRT_2PI_LO = -2.49232720227773e-17;
static const double TWO_52 = 4503599627370496.0;

/* Python's floats */

static inline double value_divide(double, double); /* rows.h */

static double value_remainder(double x, double z)
{
    double rest;
    if (z == 0.0)
        return NAN;
    rest = fmod(x, z);
    if (rest == 0.0)
        return copysign(0.0, z);
    return (z < 0.0) != (rest < 0.0) ? rest + z : rest;
}

static double value_floor_divide(double x, double z)
{
    double rest, quotient, whole;
    if (z == 0.0)
        return value_divide(x, z);
    rest = fmod(x, z);
    quotient = (x - rest) / z;
    if (rest != 0.0 && (z < 0.0) != (rest < 0.0))
        quotient -= 1.0;
    if (quotient == 0.0)
        return copysign(0.0, x / z);
    whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

/* The sine and cosine of pi x */

static inline Pair sin_of_pi_times(double r)
{
    Pair t = two_prod(PI, r);
    return (Pair){sin(t.hi), (t.lo + PI_LO * r) * cos(t.hi)};
}

static Pair sinpi_parts(double x)
{
    double r = remainder(x, 2.0);
    if (fabs(r) > 0.5)
        r = copysign(1.0, r) - r;
    return sin_of_pi_times(r);
}

static Pair cospi_parts(double x)
{
    double r = fabs(remainder(x, 2.0));
    if (0.25 < r && r < 0.75)
        return sin_of_pi_times(0.5 - r);
    if (r <= 0.25)
        return (Pair){cos(PI * r), 0.0};
    return (Pair){-cos(PI * (1.0 - r)), 0.0};
}

static double value_sinpi(double x)
{
    Pair s;
    if (fabs(x) == INFINITY)
        return NAN;
    s = sinpi_parts(x);
    return s.hi != 0.0 ? s.hi + s.lo : copysign(0.0, x);
}

static double value_cospi(double x)
{
    Pair c;
    if (fabs(x) == INFINITY)
        return NAN;
    c = cospi_parts(x);
    return c.hi + c.lo;
}

static double value_sinc(double x)
{
    Pair t, s;
    x = fabs(x);
    if (x < 1e-9)
        return 1.0;
    if (x >= TWO_52)
        return 0.0;
    t = two_prod(PI, x);
    s = pair_divide(sinpi_parts(x), (Pair){t.hi, t.lo + PI_LO * x});
    return s.hi + s.lo;
}

/* The normal distribution and the error function */

static inline double times_exp_of_minus(Pair t, Pair b)
{
    double y = exp(-t.hi);
    return y * b.hi + y * (b.lo - b.hi * t.lo);
}

static double value_gaussian(double x)
{
    if (fabs(x) > 28.0)
        return 0.0;
    return times_exp_of_minus(two_prod(x, x), (Pair){1.0, 0.0});
}

static double value_normal_pdf(double x)
{
    Pair t;
    if (fabs(x) > 39.0)
        return 0.0;
    t = two_prod(x, x);
    return times_exp_of_minus((Pair){0.5 * t.hi, 0.5 * t.lo},
                              (Pair){INV_SQRT_2PI, INV_SQRT_2PI_LO});
}

static Pair erfcx(double x, double x_lo)
{
    static const double table[][2] = {
        {37.515625, 5.324041643210569e-16},   {32.34765625, 8.059208429827719e-14},
        {27.5625, 8.221198412050492e-12},     {23.16015625, 5.63990262728042e-10},
        {19.140625, 2.5950544656765153e-08},  {15.50390625, 7.980652146869075e-07},
        {12.25, 1.6326265911105597e-05},      {9.37890625, 0.00022070041226122087},
        {6.890625, 0.001952344176927057},     {4.78515625, 0.011132362745957637},
        {3.0625, 0.0398939856274186},         {1.72265625, 0.08568734783224227},
        {0.765625, 0.09916709099594927},      {0.19140625, 0.04402380912915905},
    };
    double w = x * x, c = 0.0;
    unsigned i;
    Pair n;
    for (i = 0; i < sizeof table / sizeof *table; i++)
        c += table[i][1] / (w + table[i][0]);
    if (x < 4.0)
        c += 2.0 * x * exp(w) / expm1(14.361566416410483 * x);
    n = fast_two_sum(INV_SQRT_PI, -c);
    return pair_divide((Pair){n.hi, n.lo + INV_SQRT_PI_LO}, (Pair){x, x_lo});
}

static double value_erfc(double x)
{
    if (!(x >= 1.0))
        return erfc(x);
    if (x > 28.0)
        return 0.0;
    return times_exp_of_minus(two_prod(x, x), erfcx(x, 0.0));
}

static double value_ndtr(double x)
{
    Pair u, t, b;
    if (x > 9.0)
        return 1.0;
    if (x < -39.0)
        return 0.0;
    u = two_prod(-x, SQRT_HALF);
    u.lo -= x * SQRT_HALF_LO;
    if (x > -1.5)
        return 0.5 * erfc(u.hi) - u.lo * INV_SQRT_PI * exp(-u.hi * u.hi);
    t = two_prod(x, x);
    b = erfcx(u.hi, u.lo);
    return times_exp_of_minus((Pair){0.5 * t.hi, 0.5 * t.lo}, (Pair){0.5 * b.hi, 0.5 * b.lo});
}

/* Roots */

static double value_cbrt(double x)
{
    int e, q, r;
    double m, y;
    Pair s, p;
    if (x == 0.0 || x != x || fabs(x) == INFINITY)
        return x;
    m = frexp(fabs(x), &e);
    r = ((e % 3) + 3) % 3;
    q = (e - r) / 3;
    m = ldexp(m, r);
    y = pow(m, 1.0 / 3.0);
    s = two_prod(y, y);
    p = two_prod(s.hi, y);
    y -= ((p.hi - m) + (p.lo + s.lo * y)) / (3.0 * s.hi);
    return copysign(ldexp(y, q), x);
}

static double sqrt_of_pair(Pair a)
{
    double y = sqrt(a.hi);
    Pair p = two_prod(y, y);
    return y + ((a.hi - p.hi) - p.lo + a.lo) / (2.0 * y);
}

static double value_hypot(double x, double z)
{
    double big = fabs(x), small = fabs(z), t;
    int e;
    if (big == INFINITY || small == INFINITY)
        return INFINITY;
    if (small > big) {
        t = big;
        big = small;
        small = t;
    }
    if (big == 0.0 || big != big || small != small)
        return big + small;
    (void)frexp(big, &e);
    big = ldexp(big, -e);
    small = ldexp(small, -e);
    return ldexp(sqrt_of_pair(pair_add(two_prod(big, big), two_prod(small, small))), e);
}

/* The sum of squares of x s - m - rest, s a power of two, over 2**(2 e); hi alone if 0, inf or nan. */
static Pair squares_about(const double *xs, size_t n, double s, double m, double rest, int *e)
{
    double largest = 0.0;
    int undefined = 0;
    size_t i;
    Pair sum = {0.0, 0.0};
    for (i = 0; i < n; i++) {
        double size = fabs(xs[i] * s - m - rest);
        undefined |= size != size;
        if (size > largest)
            largest = size;
    }
    *e = 0;
    if (largest == INFINITY || undefined || largest == 0.0)
        return (Pair){largest == INFINITY ? INFINITY : undefined ? NAN : 0.0, 0.0};
    (void)frexp(largest, e);
    for (i = 0; i < n; i++) {
        double t = ldexp(fabs(xs[i] * s - m - rest), -*e);
        sum = pair_add(sum, two_prod(t, t));
    }
    return sum;
}

static double norm_of(const double *xs, size_t n)
{
    int e;
    Pair sum = squares_about(xs, n, 1.0, 0.0, 0.0, &e);
    return sum.hi > 0.0 && sum.hi < INFINITY ? ldexp(sqrt_of_pair(sum), e) : sum.hi;
}
