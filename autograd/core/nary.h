/* Rows of any number of arguments, written by hand operation by operation as in
   primitives.py: their formulas are Python loops, not expressions. */

static double scaled_sum(const double *xs, size_t n, double scale)
{
    double total = n ? xs[0] * scale : 0.0;
    size_t i;
    for (i = 1; i < n; i++)
        total = total + xs[i] * scale;
    return total;
}

static double sum_of(const double *xs, size_t n)
{
    double total = n ? xs[0] : 0.0;
    size_t i;
    for (i = 1; i < n; i++)
        total = total + xs[i];
    return fabs(total) == INFINITY ? scaled_sum(xs, n, 0x1p-64) * 0x1p64 : total;
}

/* without overflow or underflow on the way; what rounding left is added */
static double prod_of(const double *xs, size_t n)
{
    double m = 1.0, rest = 0.0;
    long e = 0;
    size_t i;
    for (i = 0; i < n; i++) {
        int size, shift;
        double factor = frexp(xs[i], &size);
        Pair p = two_prod(m, factor);
        if (fabs(xs[i]) == INFINITY || xs[i] != xs[i])
            size = 0;
        m = frexp(p.hi, &shift);
        if (!(fabs(p.hi) < INFINITY))
            shift = 0;
        rest = ldexp(rest * factor + p.lo, -shift);
        e += size + shift;
    }
    e = e > 4000 ? 4000 : e < -4000 ? -4000 : e;
    return ldexp(rest == 0.0 || rest != rest ? m : m + rest, (int)e);
}

static double scaled_dot(const double *xs, size_t n, double scale)
{
    size_t half = n / 2, i = 0;
    double total;
    if (n % 2)
        total = (xs[n - 1] * scale) * scale;
    else if (half)
        total = (xs[0] * scale) * (xs[half] * scale), i = 1;
    else
        return 0.0;
    for (; i < half; i++)
        total = total + (xs[i] * scale) * (xs[half + i] * scale);
    return total;
}

static double dot_of(const double *xs, size_t n)
{
    size_t half = n / 2, i = 0;
    double total;
    if (n % 2)
        total = xs[n - 1];
    else if (half)
        total = xs[0] * xs[half], i = 1;
    else
        return 0.0;
    for (; i < half; i++)
        total = total + xs[i] * xs[half + i];
    return fabs(total) < INFINITY ? total : scaled_dot(xs, n, 0x1p-600) * 0x1p600 * 0x1p600;
}

/* The mean of x s - m, s a power of two. */
static double mean_about(const double *xs, size_t n, double s, double m)
{
    double total = 0.0, scale = 1.0;
    for (;;) {
        size_t i;
        for (i = 0; i < n; i++) {
            double d = (xs[i] * s - m) * scale;
            total = i ? total + d : d;
        }
        if (fabs(total) == INFINITY && scale == 1.0)
            scale = 0x1p-64;
        else
            return value_divide(total, (double)n) * (1.0 / scale);
    }
}

static double mean_of(const double *xs, size_t n)
{
    return mean_about(xs, n, 1.0, 0.0);
}

/* the squares of the deviations of s x; the second mean is what rounding left in the first */
static Pair squared_deviations(const double *xs, size_t n, double s, int *e)
{
    double m = mean_about(xs, n, s, 0.0), rest = mean_about(xs, n, s, m);
    return squares_about(xs, n, s, m, rest, e);
}

static double variance_of(const double *xs, size_t n)
{
    int e;
    double squares = squared_deviations(xs, n, 1.0, &e).hi;
    return n ? ldexp(squares / (double)n, 2 * e) : NAN;
}

static double root_mean_square(const double *xs, size_t n, double s)
{
    int e;
    Pair squares = squared_deviations(xs, n, s, &e);
    if (n == 0)
        return NAN;
    if (!(squares.hi > 0.0 && squares.hi < INFINITY))
        return squares.hi;
    return ldexp(sqrt_of_pair(pair_divide(squares, (Pair){(double)n, 0.0})), e);
}

/* a power of two to multiply by, so that x - mean is in the middle of the range */
static double range_of_deviations(const double *xs, size_t n)
{
    double largest = 0.0;
    size_t i;
    for (i = 0; i < n; i++)
        if (fabs(xs[i]) > largest)
            largest = fabs(xs[i]);
    return largest < 0x1p-600 ? 0x1p600 : largest > 0x1p1000 ? 0x1p-600 : 1.0;
}

static double std_of(const double *xs, size_t n)
{
    double s = range_of_deviations(xs, n);
    return root_mean_square(xs, n, s) * (1.0 / s);
}

static double max_of(const double *xs, size_t n)
{
    double best = xs[0];
    size_t i;
    for (i = 1; i < n; i++)
        best = value_maximum(best, xs[i]);
    return best;
}

static double min_of(const double *xs, size_t n)
{
    double best = xs[0];
    size_t i;
    for (i = 1; i < n; i++)
        best = value_minimum(best, xs[i]);
    return best;
}

/* exp(x - m), to the first order in what rounding the difference left */
static inline double exponential(double x, double m)
{
    double d = x - m, v = d - x, e;
    if (fabs(m) == INFINITY)
        return exp(x == m ? 0.0 : d);
    e = exp(d);
    return fabs(d) < 1000.0 ? e + e * ((x - (d - v)) - (m + v)) : e;
}

/* the sum, and to the first order what rounding left */
static double total_of(const double *xs, size_t n)
{
    double total = 0.0, rest = 0.0;
    size_t i;
    for (i = 0; i < n; i++) {
        Pair s = two_sum(total, xs[i]);
        total = s.hi;
        rest += s.lo;
    }
    return total + rest;
}

static double logsumexp_of(const double *xs, size_t n)
{
    double m = n ? max_of(xs, n) : -INFINITY, total = 0.0;
    size_t i, largest = n, count = 0;
    if (m == -INFINITY || m != m)
        return m;
    for (i = 0; i < n; i++) {
        if (largest == n && xs[i] == m)
            largest = i;
        else {
            total = count ? total + exponential(xs[i], m) : exponential(xs[i], m);
            count++;
        }
    }
    return m + log1p(total);
}

/* d[i] = exp(x_i - m) over their sum; y only tells the one exception */
static void shares_of(const double *xs, size_t n, double y, double *d)
{
    double m, total;
    size_t i;
    if (y == -INFINITY || n == 0) {
        for (i = 0; i < n; i++)
            d[i] = 0.0;
        return;
    }
    m = max_of(xs, n);
    for (i = 0; i < n; i++)
        d[i] = exponential(xs[i], m);
    total = total_of(d, n);
    for (i = 0; i < n; i++)
        d[i] = value_divide(d[i], total);
}

/* total_of the exponentials of xs and one more number */
static double total_exponential(const double *xs, size_t n, double m, double last)
{
    Pair end;
    double total = 0.0, rest = 0.0;
    size_t i;
    for (i = 0; i < n; i++) {
        Pair s = two_sum(total, exponential(xs[i], m));
        total = s.hi;
        rest += s.lo;
    }
    end = two_sum(total, last);
    return end.hi + (rest + end.lo);
}

static double softmax_of(const double *xs, size_t n)
{
    double m = max_of(xs, n);
    return value_divide(exponential(xs[0], m), total_exponential(xs, n, m, 0.0));
}

/* d[i] = the partials of the first one's share; see _softmax_partials */
static void softmax_partials(const double *xs, size_t n, double *d)
{
    double m = max_of(xs, n), first = exponential(xs[0], m), q;
    double total = total_exponential(xs, n, m, 0.0);
    double k = 2.0 * value_divide(total_exponential(xs, n, m, -total), total);
    size_t i;
    for (i = 1; i < n; i++)
        d[i] = value_divide(exponential(xs[i], m), total);
    d[0] = value_divide(first, total) * total_of(d + 1, n - 1);
    for (i = 1; i < n; i++) {
        q = value_divide(value_divide(first * exponential(xs[i], m), total), total);
        d[i] = -(k != 0.0 ? q - k * q : q);
    }
}

static double log_softmax_of(const double *xs, size_t n)
{
    double m = max_of(xs, n);
    if (xs[0] == m)
        return -log1p(total_exponential(xs + 1, n - 1, m, 0.0));
    return (xs[0] - m) - log(total_exponential(xs, n, m, 0.0));
}

static int nary_value(unsigned op, const double *xs, size_t n, double *y)
{
    if (n == 0 && (op == OP_MAX || op == OP_MIN || op == OP_SOFTMAX || op == OP_LOG_SOFTMAX)) {
        PyErr_SetString(PyExc_IndexError, "tuple index out of range");
        return -1;
    }
    switch (op) {
    case OP_SUM: *y = sum_of(xs, n); return 0;
    case OP_PROD: *y = prod_of(xs, n); return 0;
    case OP_DOT: *y = dot_of(xs, n); return 0;
    case OP_MEAN: *y = mean_of(xs, n); return 0;
    case OP_VARIANCE: *y = variance_of(xs, n); return 0;
    case OP_STD: *y = std_of(xs, n); return 0;
    case OP_NORM: *y = norm_of(xs, n); return 0;
    case OP_MAX: *y = max_of(xs, n); return 0;
    case OP_MIN: *y = min_of(xs, n); return 0;
    case OP_LOGSUMEXP: *y = logsumexp_of(xs, n); return 0;
    case OP_SOFTMAX: *y = softmax_of(xs, n); return 0;
    case OP_LOG_SOFTMAX: *y = log_softmax_of(xs, n); return 0;
    }
    PyErr_Format(PyExc_SystemError, "row %u has no form here", op);
    return -1;
}

static void fill(double *d, size_t n, double x)
{
    size_t i;
    for (i = 0; i < n; i++)
        d[i] = x;
}

static void ties(const double *xs, size_t n, double y, double *d)
{
    size_t i, tied = 0;
    double share;
    for (i = 0; i < n; i++)
        tied += xs[i] == y;
    share = 1.0 / (double)(tied ? tied : 1);
    for (i = 0; i < n; i++)
        d[i] = xs[i] == y ? share : y == y ? 0.0 : NAN;
}

/* x * 2**e, for an e of any size */
static double shifted(double x, long e)
{
    e = e > 4000 ? 4000 : e < -4000 ? -4000 : e;
    while (e) {
        int step = (int)(e > 1000 ? 1000 : e < -1000 ? -1000 : e);
        x = x * ldexp(1.0, step);
        e -= step;
    }
    return x;
}

static inline long size_of(double x)
{
    int e;
    (void)frexp(x, &e);
    return fabs(x) < INFINITY ? e : 0;
}

static void products_of_others(const double *xs, size_t n, double *d)
{
    double left = 1.0, right = 1.0;
    long total = 0, span = 0;
    size_t i;
    for (i = 0; i < n; i++) {
        total += size_of(xs[i]);
        span += labs(size_of(xs[i]));
    }
    for (i = 0; i < n; i++) {
        d[i] = left;
        left = left * (span < 1000 ? xs[i] : shifted(xs[i], -size_of(xs[i])));
    }
    for (i = n; i-- > 0;) {
        d[i] = d[i] * right;
        right = right * (span < 1000 ? xs[i] : shifted(xs[i], -size_of(xs[i])));
    }
    if (span >= 1000)
        for (i = 0; i < n; i++)
            d[i] = shifted(d[i], total - size_of(xs[i]));
}

/* All the partials of an n-ary row. */
static void nary_partials(unsigned op, const double *xs, size_t n, double y, double *d)
{
    size_t i, half = n / 2;
    double m, rest;
    switch (op) {
    case OP_SUM: fill(d, n, 1.0); return;
    case OP_PROD: products_of_others(xs, n, d); return;
    case OP_DOT:
        memcpy(d, xs + half, half * sizeof *d);
        memcpy(d + half, xs, half * sizeof *d);
        if (n % 2)
            d[n - 1] = 1.0;
        return;
    case OP_MEAN: fill(d, n, 1.0 / (double)n); return;
    case OP_VARIANCE:
        m = mean_of(xs, n);
        rest = mean_about(xs, n, 1.0, m);
        for (i = 0; i < n; i++)
            d[i] = (xs[i] - m - rest) * (2.0 / (double)n);
        return;
    case OP_STD: {
        double s = range_of_deviations(xs, n);
        if (y == 0.0 || y != y) {
            fill(d, n, y);
            return;
        }
        if (s != 1.0)
            y = root_mean_square(xs, n, s);
        m = mean_about(xs, n, s, 0.0);
        rest = mean_about(xs, n, s, m);
        for (i = 0; i < n; i++)
            d[i] = value_divide(value_divide(xs[i] * s - m - rest, y), (double)n);
        return;
    }
    case OP_NORM: {
        double scale = y >= 2.2250738585072014e-308 && y < INFINITY ? 1.0
                       : y < 1.0                                    ? 0x1p600
                                                                    : 0x1p-600;
        size_t infinite = 0, largest = 0;
        for (i = 0; i < n; i++) {
            d[i] = xs[i] * scale;
            infinite += fabs(d[i]) == INFINITY;
            if (fabs(d[i]) > fabs(d[largest]))
                largest = i;
        }
        if (scale != 1.0)
            y = norm_of(d, n);
        if (n == 0 || y == 0.0 || y != y) {
            fill(d, n, y);
            return;
        }
        if (infinite) {
            rest = sqrt(1.0 / (double)infinite);
            for (i = 0; i < n; i++)
                d[i] = fabs(d[i]) == INFINITY ? copysign(rest, d[i]) : value_divide(d[i], y);
            return;
        }
        m = d[largest];
        if (fabs(m) > 0.75 * y) {
            d[largest] = 0.0;
            rest = value_divide(norm_of(d, n), m);
        }
        for (i = 0; i < n; i++)
            d[i] = value_divide(d[i], y);
        if (fabs(m) > 0.75 * y)
            d[largest] = value_divide(copysign(1.0, m), sqrt(1.0 + rest * rest));
        return;
    }
    case OP_MAX:
    case OP_MIN: ties(xs, n, y, d); return;
    case OP_LOGSUMEXP: shares_of(xs, n, y, d); return;
    case OP_SOFTMAX: softmax_partials(xs, n, d); return;
    case OP_LOG_SOFTMAX:
        shares_of(xs, n, 0.0, d);
        d[0] = total_of(d + 1, n - 1);
        for (i = 1; i < n; i++)
            d[i] = -d[i];
        return;
    }
}
