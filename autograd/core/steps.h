/* Many parameters at a time: their numbers and gradients as arrays, and the arithmetic
   of the optimizers' steps, operation by operation as in nn/optimizers.py. */

static PyObject *array_from(const double *xs, Py_ssize_t n) /* array.array('d') */
{
    return PyObject_CallFunction(py.array, "sy#", "d", (const char *)xs,
                                 n * (Py_ssize_t)sizeof *xs);
}

/* The n numbers of a list of floats or of an array of doubles. */
static int floats_from(PyObject *numbers, double *xs, Py_ssize_t n)
{
    Py_ssize_t i;
    Py_buffer view;
    if (PyObject_TypeCheck(numbers, (PyTypeObject *)py.array)) {
        int fits;
        if (PyObject_GetBuffer(numbers, &view, PyBUF_FORMAT | PyBUF_ND) < 0)
            return -1;
        fits = strcmp(view.format, "d") == 0 && view.len == n * (Py_ssize_t)sizeof *xs;
        if (fits && n)
            memcpy(xs, view.buf, (size_t)view.len);
        PyBuffer_Release(&view);
        if (fits)
            return 0;
    } else if (PyList_Check(numbers) && PyList_GET_SIZE(numbers) == n) {
        for (i = 0; i < n; i++) {
            PyObject *x = PyList_GET_ITEM(numbers, i);
            xs[i] = PyFloat_CheckExact(x) ? PyFloat_AS_DOUBLE(x) : PyFloat_AsDouble(x);
            if (xs[i] == -1.0 && PyErr_Occurred())
                return -1;
        }
        return 0;
    }
    PyErr_Format(PyExc_ValueError, "%zd floats are needed, got %.80R", n, numbers);
    return -1;
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
    PyObject *array;
    double *xs;
    if (only_values(values) < 0)
        return NULL;
    n = PyList_GET_SIZE(values);
    if (!(xs = PyMem_Malloc((size_t)(n + 1) * sizeof *xs)))
        return PyErr_NoMemory();
    for (i = 0; i < n; i++)
        xs[i] = record_of(PyList_GET_ITEM(values, i))->data;
    array = array_from(xs, n);
    PyMem_Free(xs);
    return array;
}

static PyObject *core_grads_of(PyObject *Py_UNUSED(module), PyObject *values)
{
    Py_ssize_t i, n;
    PyObject *array;
    double *xs;
    if (only_values(values) < 0)
        return NULL;
    n = PyList_GET_SIZE(values);
    if (!(xs = PyMem_Malloc((size_t)(n + 1) * sizeof *xs)))
        return PyErr_NoMemory();
    for (i = 0; i < n; i++) {
        Record *r = record_of(PyList_GET_ITEM(values, i));
        xs[i] = r->flags & REACHED ? *grad_of(r) : 0.0;
    }
    array = array_from(xs, n);
    PyMem_Free(xs);
    return array;
}

static PyObject *core_assign(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t i, n;
    double *xs;
    int failed;
    if (count != 2 || only_values(args[0]) < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "assign takes a list of Values and their numbers");
        return NULL;
    }
    n = PyList_GET_SIZE(args[0]);
    if (!(xs = PyMem_Malloc((size_t)(n + 1) * sizeof *xs)))
        return PyErr_NoMemory();
    failed = floats_from(args[1], xs, n) < 0;
    for (i = 0; i < n && !failed; i++) {
        Record *r = record_of(PyList_GET_ITEM(args[0], i));
        if (!r->op && !(r->flags & MANY)) {
            assign_leaf(r, xs[i]);
        } else { /* set_data words the error */
            PyObject *x = PyFloat_FromDouble(xs[i]);
            failed = !x || set_data(PyList_GET_ITEM(args[0], i), x, NULL) < 0;
            Py_XDECREF(x);
        }
    }
    PyMem_Free(xs);
    return failed ? NULL : Py_NewRef(Py_None);
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

static Py_ssize_t count_of(PyObject *numbers) /* of a list or an array */
{
    return PyList_Check(numbers) ? PyList_GET_SIZE(numbers) : PyObject_Size(numbers);
}

/* The position of the first NaN or infinity; None if there is none. */
static PyObject *core_first_nonfinite(PyObject *Py_UNUSED(module), PyObject *numbers)
{
    Py_ssize_t i, n = count_of(numbers);
    double *xs;
    if (n < 0 || !(xs = PyMem_Malloc((size_t)(n + 1) * sizeof *xs)))
        return n < 0 ? NULL : PyErr_NoMemory();
    if (floats_from(numbers, xs, n) < 0) {
        PyMem_Free(xs);
        return NULL;
    }
    for (i = 0; i < n && xs[i] - xs[i] == 0.0; i++)
        ;
    PyMem_Free(xs);
    return i < n ? PyLong_FromSsize_t(i) : Py_NewRef(Py_None);
}

static PyObject *core_sgd(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *data, *grads, *velocity, *first = NULL, *second = NULL, *result = NULL;
    double lr, momentum, decay, *p, *g, *v;
    int nesterov;
    Py_ssize_t i, n;
    if (!PyArg_ParseTuple(args, "OOOdddp:sgd", &data, &grads, &velocity, &lr, &momentum, &decay,
                          &nesterov) ||
        (n = count_of(data)) < 0)
        return NULL;
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
        first = array_from(p, n);
        second = momentum != 0.0 ? array_from(v, n) : Py_NewRef(velocity);
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
    if (!PyArg_ParseTuple(args, "OOOOdO!O!dO:adam", &data, &grads, &mean, &square, &lr,
                          &PyFloat_Type, &beta1, &PyFloat_Type, &beta2, &eps, &t) ||
        (n = count_of(data)) < 0)
        return NULL;
    b1 = PyFloat_AS_DOUBLE(beta1);
    b2 = PyFloat_AS_DOUBLE(beta2);
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
        lists[0] = array_from(p, n);
        lists[1] = array_from(m, n);
        lists[2] = array_from(v, n);
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
