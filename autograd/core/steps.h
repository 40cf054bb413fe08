/* Many parameters at a time: their numbers and gradients as lists, and the arithmetic
   of the optimizers' steps, operation by operation as in nn/optimizers.py. */

static PyObject *list_from(const double *xs, Py_ssize_t n)
{
    PyObject *list = PyList_New(n);
    Py_ssize_t i;
    for (i = 0; list && i < n; i++) {
        PyObject *x = PyFloat_FromDouble(xs[i]);
        if (!x)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, x);
    }
    return list;
}

static int floats_from(PyObject *list, double *xs, Py_ssize_t n)
{
    Py_ssize_t i;
    if (!PyList_Check(list) || PyList_GET_SIZE(list) != n) {
        PyErr_Format(PyExc_ValueError, "a list of %zd floats is needed, got %.80R", n, list);
        return -1;
    }
    for (i = 0; i < n; i++) {
        PyObject *x = PyList_GET_ITEM(list, i);
        xs[i] = PyFloat_CheckExact(x) ? PyFloat_AS_DOUBLE(x) : PyFloat_AsDouble(x);
        if (xs[i] == -1.0 && PyErr_Occurred())
            return -1;
    }
    return 0;
}

static int only_values(PyObject *values)
{
    Py_ssize_t i;
    if (!PyList_Check(values)) {
        PyErr_Format(PyExc_TypeError, "a list of Values is needed, got %R", values);
        return -1;
    }
    for (i = 0; i < PyList_GET_SIZE(values); i++)
        if (!is_value(PyList_GET_ITEM(values, i))) {
            PyErr_Format(PyExc_TypeError, "a list of Values is needed, got %R in it",
                         PyList_GET_ITEM(values, i));
            return -1;
        }
    return 0;
}

static PyObject *core_data_of(PyObject *Py_UNUSED(module), PyObject *values)
{
    Py_ssize_t i, n;
    PyObject *list;
    if (only_values(values) < 0)
        return NULL;
    n = PyList_GET_SIZE(values);
    list = PyList_New(n);
    for (i = 0; list && i < n; i++) {
        PyObject *x = get_data(PyList_GET_ITEM(values, i), NULL);
        if (!x)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, x);
    }
    return list;
}

static PyObject *core_grads_of(PyObject *Py_UNUSED(module), PyObject *values)
{
    Py_ssize_t i, n;
    PyObject *list;
    if (only_values(values) < 0)
        return NULL;
    n = PyList_GET_SIZE(values);
    list = PyList_New(n);
    for (i = 0; list && i < n; i++) {
        PyObject *x = get_grad(PyList_GET_ITEM(values, i), NULL);
        if (!x)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, x);
    }
    return list;
}

static PyObject *core_assign(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t i;
    if (count != 2 || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "assign takes a list of Values and a list of floats");
        return NULL;
    }
    if (only_values(args[0]) < 0)
        return NULL;
    if (PyList_GET_SIZE(args[0]) != PyList_GET_SIZE(args[1])) {
        PyErr_Format(PyExc_ValueError, "assign got %zd Values and %zd numbers",
                     PyList_GET_SIZE(args[0]), PyList_GET_SIZE(args[1]));
        return NULL;
    }
    for (i = 0; i < PyList_GET_SIZE(args[0]); i++)
        if (set_data(PyList_GET_ITEM(args[0], i), PyList_GET_ITEM(args[1], i), NULL) < 0)
            return NULL;
    Py_RETURN_NONE;
}

static PyObject *core_clear_grads(PyObject *Py_UNUSED(module), PyObject *values)
{
    Py_ssize_t i;
    if (only_values(values) < 0)
        return NULL;
    for (i = 0; i < PyList_GET_SIZE(values); i++)
        record_of(PyList_GET_ITEM(values, i))->flags &= (uint16_t)~REACHED;
    Py_RETURN_NONE;
}

/* The position of the first NaN or infinity in a list of floats; None if there is none. */
static PyObject *core_first_nonfinite(PyObject *Py_UNUSED(module), PyObject *list)
{
    Py_ssize_t i;
    if (!PyList_Check(list)) {
        PyErr_Format(PyExc_TypeError, "a list of floats is needed, got %R", list);
        return NULL;
    }
    for (i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GET_ITEM(list, i);
        double x = PyFloat_CheckExact(item) ? PyFloat_AS_DOUBLE(item) : PyFloat_AsDouble(item);
        if (x == -1.0 && PyErr_Occurred())
            return NULL;
        if (x - x != 0.0)
            return PyLong_FromSsize_t(i);
    }
    Py_RETURN_NONE;
}

static PyObject *core_sgd(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *data, *grads, *velocity, *first = NULL, *second = NULL, *result = NULL;
    double lr, momentum, decay, *p, *g, *v;
    int nesterov;
    Py_ssize_t i, n;
    if (!PyArg_ParseTuple(args, "O!OOdddp:sgd", &PyList_Type, &data, &grads, &velocity, &lr,
                          &momentum, &decay, &nesterov))
        return NULL;
    n = PyList_GET_SIZE(data);
    p = PyMem_Malloc((size_t)(3 * n + 1) * sizeof *p);
    if (!p)
        return PyErr_NoMemory();
    g = p + n;
    v = g + n;
    if (floats_from(data, p, n) == 0 && floats_from(grads, g, n) == 0 &&
        floats_from(velocity, v, n) == 0) {
        for (i = 0; i < n; i++) {
            double step = g[i];
            if (decay != 0.0)
                step = step + decay * p[i];
            if (momentum != 0.0) {
                v[i] = momentum * v[i] + step;
                step = nesterov ? step + momentum * v[i] : v[i];
            }
            p[i] = p[i] - lr * step;
        }
        first = list_from(p, n);
        second = momentum != 0.0 ? list_from(v, n) : Py_NewRef(velocity);
        if (first && second)
            result = PyTuple_Pack(2, first, second);
    }
    Py_XDECREF(first);
    Py_XDECREF(second);
    PyMem_Free(p);
    return result;
}

static PyObject *core_adam(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *data, *grads, *mean, *square, *lists[3] = {NULL, NULL, NULL}, *result = NULL;
    PyObject *power1 = NULL, *power2 = NULL, *beta1, *beta2, *t;
    double lr, b1, b2, eps, rest1, rest2, scale1, scale2, *p, *g, *m, *v;
    Py_ssize_t i, n;
    if (!PyArg_ParseTuple(args, "O!OOOdO!O!dO:adam", &PyList_Type, &data, &grads, &mean, &square,
                          &lr, &PyFloat_Type, &beta1, &PyFloat_Type, &beta2, &eps, &t))
        return NULL;
    b1 = PyFloat_AS_DOUBLE(beta1);
    b2 = PyFloat_AS_DOUBLE(beta2);
    n = PyList_GET_SIZE(data);
    p = PyMem_Malloc((size_t)(4 * n + 1) * sizeof *p);
    if (!p)
        return PyErr_NoMemory();
    g = p + n;
    m = g + n;
    v = m + n;
    /* Python's own power, so that its bits are the same */
    power1 = PyNumber_Power(beta1, t, Py_None);
    power2 = PyNumber_Power(beta2, t, Py_None);
    if (power1 && power2 && floats_from(data, p, n) == 0 && floats_from(grads, g, n) == 0 &&
        floats_from(mean, m, n) == 0 && floats_from(square, v, n) == 0) {
        rest1 = 1.0 - b1;
        rest2 = 1.0 - b2;
        scale1 = 1.0 - PyFloat_AsDouble(power1);
        scale2 = 1.0 - PyFloat_AsDouble(power2);
        for (i = 0; i < n; i++) {
            m[i] = b1 * m[i] + rest1 * g[i];
            v[i] = b2 * v[i] + rest2 * (g[i] * g[i]);
            if (sqrt(v[i] / scale2) + eps == 0.0) {
                PyErr_SetString(PyExc_ZeroDivisionError, "float division by zero");
                goto done;
            }
            p[i] = p[i] - lr * (m[i] / scale1) / (sqrt(v[i] / scale2) + eps);
        }
        lists[0] = list_from(p, n);
        lists[1] = list_from(m, n);
        lists[2] = list_from(v, n);
        if (lists[0] && lists[1] && lists[2])
            result = PyTuple_Pack(3, lists[0], lists[1], lists[2]);
    }
done:
    for (i = 0; i < 3; i++)
        Py_XDECREF(lists[i]);
    Py_XDECREF(power1);
    Py_XDECREF(power2);
    PyMem_Free(p);
    return result;
}
