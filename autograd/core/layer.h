/* The neurons of a layer at once: node for node, in the same order and with the same bits,
   what nn's loop over them records, without Python in between. */

/* What all neurons of a layer share */
typedef struct {
    unsigned op;   /* the activation's row; OP_LEAF for none */
    double second; /* its second argument, if it has one */
    uint32_t n;    /* of inputs */
    Record **inputs;
} Fan;

static int only_exact_values(PyObject *list, Py_ssize_t n)
{
    Py_ssize_t i;
    if (!PyList_CheckExact(list) || PyList_GET_SIZE(list) != n)
        return 0;
    for (i = 0; i < n; i++)
        if (Py_TYPE(PyList_GET_ITEM(list, i)) != ValueType)
            return 0;
    return 1;
}

/* The row dot on weights, inputs and the start: a record that has no handle and the count 1 */
static Record *weighted_sum(const Fan *fan, PyObject *weights, Record *start)
{
    uint32_t i, n = fan->n, all = 2 * n + (start != NULL);
    int inherited = start ? start->flags : 0;
    Args *args = args_new(all, 0);
    Index *indices;
    Record *r;
    if (!args || make_room(2 * (size_t)all) < 0 || !(r = operation_new())) {
        PyMem_Free(args);
        return NULL;
    }
    indices = args_indices(args);
    for (i = 0; i < n; i++) {
        Record *w = record_of(PyList_GET_ITEM(weights, i)), *x = fan->inputs[i];
        room[i] = w->data;
        room[n + i] = x->data;
        inherited |= w->flags | x->flags;
        w->count++;
        x->count++;
        indices[i] = index_of(w);
        indices[n + i] = index_of(x);
    }
    if (start) {
        room[2 * n] = start->data;
        start->count++;
        indices[2 * n] = index_of(start);
    }
    r->data = dot_of(room, all);
    r->of.args = args;
    r->handle = NULL;
    r->count = 1;
    r->op = OP_DOT;
    r->flags = (uint16_t)(MANY | (inherited & INHERITED) | rows[OP_DOT].own_flags);
    return r;
}

static PyObject *activated(const Fan *fan, Record *sum)
{
    double on[2] = {sum->data, fan->second};
    Record *second;
    PyObject *node;
    if (fan->op == OP_LEAF)
        return object_of(sum);
    if (rows[fan->op].arity == 1)
        return bare1(fan->op, sum, row_value(fan->op, on));
    if (!(second = leaf_new(fan->second, CONSTANT)))
        return NULL;
    if (!(node = bare2(fan->op, sum, second, row_value(fan->op, on))))
        bury(second);
    return node;
}

static PyObject *neuron(const Fan *fan, PyObject *weights, PyObject *start, PyObject *place)
{
    Record *sum = weighted_sum(fan, weights, start == Py_None ? NULL : record_of(start));
    PyObject *node = NULL;
    if (!sum)
        return NULL;
    if (set_place(sum, place) == 0 && (node = activated(fan, sum)) && fan->op != OP_LEAF &&
        set_place(record_of(node), place) < 0)
        Py_CLEAR(node);
    let_go((Slot){sum, 0.0});
    return node;
}

/* The activation's row and its second argument. 1; 0 if only Python knows it. */
static int find_activation(Fan *fan, PyObject *activation)
{
    PyObject *defaults;
    int op = activation == Py_None ? OP_LEAF : op_of(activation), known = 1;
    if (op < 0)
        return -1;
    fan->op = (unsigned)op;
    fan->second = 0.0;
    if (activation == Py_None)
        return 1;
    if (op == OP_LEAF || rows[op].traits & (NARY | VALUE_IN_PYTHON) || rows[op].arity > 2)
        return 0;
    if (rows[op].arity == 2) {
        if (!(defaults = PyObject_GetAttrString(activation, "defaults")))
            return -1;
        known = PyTuple_Check(defaults) && PyTuple_GET_SIZE(defaults) == 1 &&
                PyFloat_CheckExact(PyTuple_GET_ITEM(defaults, 0));
        if (known)
            fan->second = PyFloat_AS_DOUBLE(PyTuple_GET_ITEM(defaults, 0));
        Py_DECREF(defaults);
    }
    return known;
}

static int as_a_layer(PyObject *const *args) /* whether the lists are a plain layer's */
{
    Py_ssize_t i, n = PyList_GET_SIZE(args[0]);
    PyObject *mode = current_mode();
    int usual = mode == Py_None ? 1 : !mode || meet(mode) < 0 ? -1
                : mode_met.record && !mode_met.strict && !mode_met.lines;
    Py_XDECREF(mode);
    if (usual <= 0)
        return usual;
    if (!PyList_CheckExact(args[1]) || !PyList_CheckExact(args[2]) ||
        !PyList_CheckExact(args[4]) || PyList_GET_SIZE(args[2]) != n ||
        PyList_GET_SIZE(args[4]) != n)
        return 0;
    for (i = 0; i < n; i++) {
        PyObject *start = PyList_GET_ITEM(args[2], i);
        if ((start != Py_None && Py_TYPE(start) != ValueType) ||
            !only_exact_values(PyList_GET_ITEM(args[0], i), PyList_GET_SIZE(args[1])))
            return 0;
    }
    return only_exact_values(args[1], PyList_GET_SIZE(args[1]));
}

/* neurons(weights, inputs, starts, activation, places): the list of the outputs; None if
   something in it is not what a plain layer has, nothing being recorded then. */
static PyObject *core_neurons(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Record *few[FEW];
    Fan fan;
    PyObject *out, *node;
    Py_ssize_t i;
    int can = count != 5 || !PyList_CheckExact(args[0]) ? 0 : find_activation(&fan, args[3]);
    if (can < 0)
        return NULL;
    /* Made before anything is looked at: making a list may run the garbage collector and
       with it any code. From here on no Python runs. */
    if (!can || !(out = PyList_New(PyList_GET_SIZE(args[0]))))
        return can ? NULL : Py_NewRef(Py_None);
    if ((can = as_a_layer(args)) <= 0) {
        Py_DECREF(out);
        return can < 0 ? NULL : Py_NewRef(Py_None);
    }
    fan.n = (uint32_t)PyList_GET_SIZE(args[1]);
    fan.inputs = few;
    if (fan.n > FEW && !(fan.inputs = PyMem_Malloc(fan.n * sizeof *fan.inputs))) {
        Py_DECREF(out);
        return PyErr_NoMemory();
    }
    for (i = 0; i < (Py_ssize_t)fan.n; i++)
        fan.inputs[i] = record_of(PyList_GET_ITEM(args[1], i));
    for (i = 0; out && i < PyList_GET_SIZE(out); i++) {
        node = neuron(&fan, PyList_GET_ITEM(args[0], i), PyList_GET_ITEM(args[2], i),
                      PyList_GET_ITEM(args[4], i));
        if (!node)
            Py_CLEAR(out);
        else
            PyList_SET_ITEM(out, i, node);
    }
    if (fan.inputs != few)
        PyMem_Free(fan.inputs);
    return out;
}
