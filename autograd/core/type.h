/* The type Value and the module. */

/* Making leaves */

static int no_children(PyObject *children, PyObject *op)
{
    int given = children ? PyObject_IsTrue(children) : 0;
    if (!given && op)
        given = PyObject_IsTrue(op);
    if (given < 0)
        return -1;
    if (given) {
        PyObject *c = children ? Py_NewRef(children) : PyTuple_New(0);
        PyObject *o = op ? Py_NewRef(op) : PyUnicode_FromString("");
        if (c && o)
            Py_XDECREF(PyObject_CallFunctionObjArgs(py.refuse_children, c, o, NULL));
        Py_XDECREF(c);
        Py_XDECREF(o);
        return -1;
    }
    return 0;
}

static PyObject *place_leaf(PyObject *self) /* steals it */
{
    PyObject *mode = current_mode(), *done = NULL;
    if (mode && mode != Py_None)
        done = PyObject_CallFunctionObjArgs(py.place_leaf, mode, self, NULL);
    if (!mode || (mode != Py_None && !done))
        Py_CLEAR(self);
    Py_XDECREF(done);
    Py_XDECREF(mode);
    return self;
}

static const char *keywords[] = {"data", "_children", "_op", "label", NULL};

static int value_init(PyObject *self, PyObject *args, PyObject *options);

static PyObject *value_vectorcall(PyObject *type, PyObject *const *args, size_t flags,
                                  PyObject *names)
{
    Py_ssize_t n = PyVectorcall_NARGS(flags), count = names ? PyTuple_GET_SIZE(names) : 0, i;
    PyObject *given[4] = {NULL, NULL, NULL, NULL}, *self;
    double data;
    if (n > 4)
        return refuse_arguments("Value.__init__", Py_None, args, n, names);
    for (i = 0; i < n; i++)
        given[i] = args[i];
    for (i = 0; i < count; i++) {
        PyObject *name = PyTuple_GET_ITEM(names, i);
        int k;
        for (k = 0; keywords[k]; k++)
            if (PyUnicode_CompareWithASCIIString(name, keywords[k]) == 0)
                break;
        if (!keywords[k] || given[k])
            return refuse_arguments("Value.__init__", Py_None, args, n, names);
        given[k] = args[n + i];
    }
    if (!given[0])
        return refuse_arguments("Value.__init__", Py_None, args, n, names);
    if (no_children(given[1], given[2]) < 0)
        return NULL;
    if (as_number(given[0], py.value_name, -1, &data) < 0)
        return NULL;
    self = leaf_object(data, VARIES);
    if (self && *modes_used)
        self = place_leaf(self);
    if (self && given[3] && set_label(record_of(self), given[3]) < 0)
        Py_CLEAR(self);
    (void)type;
    return self;
}

/* A leaf's new number. The leaf becomes younger than what has used it: those graphs are void. */
static void assign_leaf(Record *r, double number)
{
    r->data = number;
    r->of.made = clock_now();
    *leaf_order(r) = leaf_clock++;
    if (r->count > 1 || r->flags & OWNS)
        last_void = r->of.made;
}

/* Only subclasses come here. */
static PyObject *value_new(PyTypeObject *type, PyObject *Py_UNUSED(args),
                           PyObject *Py_UNUSED(options))
{
    Record *r;
    PyObject *self;
    if (type == ValueType)
        return leaf_object(0.0, VARIES);
    self = type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    r = leaf_new(0.0, VARIES | SUBCLASS);
    if (!r) {
        Py_DECREF(self);
        return NULL;
    }
    return hold((Handle *)self, r);
}

static PyObject *behind(PyObject *self, PyObject *args) /* (self, *args) */
{
    PyObject *first = PyTuple_Pack(1, self), *all = first ? PySequence_Concat(first, args) : NULL;
    Py_XDECREF(first);
    return all;
}

static int value_init(PyObject *self, PyObject *args, PyObject *options)
{
    PyObject *data, *children = NULL, *op = NULL, *label = NULL;
    Record *r = record_of(self);
    double number;
    if (!PyArg_ParseTupleAndKeywords(args, options, "O|OOO:Value", (char **)keywords, &data,
                                     &children, &op, &label)) {
        PyErr_Clear();
        Py_XDECREF(PyObject_CallFunction(py.refuse_arguments, "sNO", "Value.__init__",
                                         behind(self, args), options ? options : Py_None));
        return -1;
    }
    if (no_children(children, op) < 0 || as_number(data, py.value_name, -1, &number) < 0)
        return -1;
    if (r->op || r->flags & MANY) {
        PyObject *name = PyObject_GetAttrString(primitive_of(r), "name");
        if (name)
            PyErr_Format(PyExc_TypeError,
                         "a node made by %R can't be made anew: make another Value", name);
        Py_XDECREF(name);
        return -1;
    }
    assign_leaf(r, number);
    r->flags = (uint16_t)((r->flags & ~(REACHED | CONSTANT)) | VARIES);
    if (set_place(r, Py_None) < 0 || set_label(r, label ? label : py.empty_string) < 0)
        return -1;
    if (*modes_used) {
        if (!place_leaf(Py_NewRef(self)))
            return -1;
        Py_DECREF(self);
    }
    return 0;
}

/* What a node knows */

static PyObject *get_data(PyObject *self, void *Py_UNUSED(_))
{
    return PyFloat_FromDouble(record_of(self)->data);
}

static int refuse_set(PyObject *self, PyObject *new, void *name);

static int set_data(PyObject *self, PyObject *new, void *Py_UNUSED(_))
{
    Record *r = record_of(self);
    double number;
    if (!new)
        return refuse_set(self, new, "data");
    if (r->op || r->flags & MANY) {
        Py_XDECREF(PyObject_CallFunctionObjArgs(py.refuse_data, self, new, NULL));
        return -1;
    }
    if (as_number(new, py.data_name, -1, &number) < 0)
        return -1;
    assign_leaf(r, number);
    return 0;
}

static PyObject *get_grad(PyObject *self, void *Py_UNUSED(_))
{
    Record *r = record_of(self);
    return PyFloat_FromDouble(r->flags & REACHED ? *grad_of(r) : 0.0);
}

static PyObject *get_raw_grad(PyObject *self, void *Py_UNUSED(_))
{
    Record *r = record_of(self);
    if (!(r->flags & REACHED))
        Py_RETURN_NONE;
    return PyFloat_FromDouble(*grad_of(r));
}

static int set_grad(PyObject *self, PyObject *new, void *Py_UNUSED(_))
{
    Record *r = record_of(self);
    double number;
    if (!new)
        return refuse_set(self, new, "grad");
    if (new == Py_None) {
        r->flags &= (uint16_t)~REACHED;
        return 0;
    }
    if (as_number(new, py.grad_name, -1, &number) < 0)
        return -1;
    *grad_of(r) = number;
    r->flags |= REACHED;
    return 0;
}

static PyObject *get_reached(PyObject *self, void *Py_UNUSED(_))
{
    return PyBool_FromLong(record_of(self)->flags & REACHED);
}

static PyObject *get_constant(PyObject *self, void *Py_UNUSED(_))
{
    return PyBool_FromLong(record_of(self)->flags & CONSTANT);
}

static PyObject *get_parents(PyObject *self, void *Py_UNUSED(_))
{
    return parents_of(record_of(self));
}

static PyObject *get_primitive(PyObject *self, void *Py_UNUSED(_))
{
    return Py_NewRef(primitive_of(record_of(self)));
}

static PyObject *get_symbol(PyObject *self, void *Py_UNUSED(_))
{
    PyObject *primitive = primitive_of(record_of(self));
    if (primitive == Py_None)
        return Py_NewRef(py.empty_string);
    return PyObject_GetAttrString(primitive, "symbol");
}

static PyObject *get_label(PyObject *self, void *Py_UNUSED(_))
{
    return Py_NewRef(label_of(record_of(self)));
}

static int put_label(PyObject *self, PyObject *new, void *Py_UNUSED(_))
{
    if (!new) {
        PyErr_SetString(PyExc_AttributeError, "can't delete label");
        return -1;
    }
    return set_label(record_of(self), new);
}

static PyObject *get_place(PyObject *self, void *Py_UNUSED(_))
{
    return Py_NewRef(place_of(record_of(self)));
}

static int put_place(PyObject *self, PyObject *new, void *Py_UNUSED(_))
{
    return set_place(record_of(self), new ? new : Py_None);
}

static PyObject *get_scope(PyObject *self, void *Py_UNUSED(_))
{
    PyObject *place = place_of(record_of(self));
    if (place == Py_None)
        return Py_NewRef(py.empty_tuple);
    return PyObject_GetAttrString(place, "scope");
}

/* When it was made: operations by the tape, leaves among them by their own count.
   An operation comes after the leaves made at the same time on the tape's clock. */
static PyObject *get_serial(PyObject *self, void *Py_UNUSED(_))
{
    Record *r = record_of(self);
    int leaf = segment_of(r)->leaves != NULL;
    PyObject *high = PyLong_FromUnsignedLongLong(leaf ? r->of.made : born(r));
    PyObject *low = PyLong_FromUnsignedLongLong(leaf ? *leaf_order(r) : UINT64_MAX);
    PyObject *bits = PyLong_FromLong(64), *shifted = NULL, *serial = NULL;
    if (high && low && bits && (shifted = PyNumber_Lshift(high, bits)))
        serial = PyNumber_Or(shifted, low);
    Py_XDECREF(high);
    Py_XDECREF(low);
    Py_XDECREF(bits);
    Py_XDECREF(shifted);
    return serial;
}

/* What can't be assigned or deleted is refused in the words of Python's own properties. */
static int refuse_set(PyObject *self, PyObject *new, void *name)
{
    PyObject *kind = PyType_GetQualName(Py_TYPE(self));
    if (kind)
        PyErr_Format(PyExc_AttributeError, "property '%s' of %R object has no %s", (char *)name,
                     kind, new ? "setter" : "deleter");
    Py_XDECREF(kind);
    return -1;
}

static PyGetSetDef value_attributes[] = {
    {"data", get_data, set_data,
     "The number. Assigning a leaf's is allowed; the graphs that used it are then void.", NULL},
    {"grad", get_grad, set_grad,
     "The gradient that backward() left here: 0.0 if it did not come here.", NULL},
    {"_grad", get_raw_grad, set_grad, "The gradient; None if backward() did not come here.", NULL},
    {"_data", get_data, refuse_set, "The number.", "_data"},
    {"reached", get_reached, refuse_set,
     "Whether a backward pass came here: a gradient of 0 is not the same as none.", "reached"},
    {"constant", get_constant, refuse_set,
     "Whether this leaf stands for a plain number, and gets no gradient.", "constant"},
    {"parents", get_parents, refuse_set, "The nodes it was computed from, in order.", "parents"},
    {"primitive", get_primitive, refuse_set, "The row that computed it; None for a leaf.",
     "primitive"},
    {"primal", get_data, refuse_set,
     "The number: what every type that passes through the table calls it.", "primal"},
    {"label", get_label, put_label, "A name for pictures and messages.", NULL},
    {"place", get_place, put_place, "Where it was made, if that was noted.", NULL},
    {"scope", get_scope, refuse_set, "The names of the scopes it was made in, outermost first.",
     "scope"},
    {"_prev", get_parents, refuse_set, "The parents, under micrograd's name.", "_prev"},
    {"_op", get_symbol, refuse_set,
     "The operation's symbol, under micrograd's name; empty for a leaf.", "_op"},
    {"_serial", get_serial, refuse_set, "Its place in the order of creation.", "_serial"},
    {NULL, NULL, NULL, NULL, NULL},
};

/* Methods */

static PyObject *value_backward(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                PyObject *names)
{
    Py_ssize_t named = names ? PyTuple_GET_SIZE(names) : 0;
    double seed = 1.0;
    if (count + named > 1 ||
        (named && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "cotangent")))
        return refuse_arguments("Value.backward", self, args, count, names);
    if (count + named && as_number(args[0], py.backward_name, -1, &seed) < 0)
        return NULL;
    if (backward(self, seed) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *value_detach(PyObject *self, PyObject *Py_UNUSED(_))
{
    return leaf_object(record_of(self)->data, CONSTANT);
}

static PyObject *value_repr(PyObject *self)
{
    PyObject *data = get_data(self, NULL), *grad = get_grad(self, NULL), *text = NULL;
    PyObject *label = Py_NewRef(label_of(record_of(self)));
    int named = PyObject_IsTrue(label);
    if (data && grad && named >= 0)
        text = named ? PyUnicode_FromFormat("Value(data=%R, grad=%R, label=%R)", data, grad, label)
                     : PyUnicode_FromFormat("Value(data=%R, grad=%R)", data, grad);
    Py_XDECREF(data);
    Py_XDECREF(grad);
    Py_DECREF(label);
    return text;
}

static PyObject *value_format(PyObject *self, PyObject *spec)
{
    PyObject *data, *text;
    if (!PyUnicode_Check(spec)) {
        PyErr_Format(PyExc_TypeError, "format() argument 2 must be str, not %.200s",
                     Py_TYPE(spec)->tp_name);
        return NULL;
    }
    if (PyUnicode_GET_LENGTH(spec) == 0)
        return value_repr(self);
    data = get_data(self, NULL);
    if (!data)
        return NULL;
    text = PyObject_Format(data, spec);
    Py_DECREF(data);
    return text;
}

static PyObject *value_copy(PyObject *self, PyObject *Py_UNUSED(_))
{
    return PyObject_CallOneArg(py.copy, self);
}

static PyObject *value_deepcopy(PyObject *self, PyObject *memo)
{
    return PyObject_CallFunctionObjArgs(py.deep_copy, self, memo, NULL);
}

static PyObject *value_reduce(PyObject *self, PyObject *Py_UNUSED(_))
{
    return PyObject_CallOneArg(py.reduced, self);
}

static PyObject *value_apply(PyObject *Py_UNUSED(_), PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyTuple_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "_apply takes a primitive and a tuple of arguments");
        return NULL;
    }
    return apply(args[0], ((PyTupleObject *)args[1])->ob_item, PyTuple_GET_SIZE(args[1]));
}

static PyObject *value_item(PyObject *self, PyObject *Py_UNUSED(_))
{
    return get_data(self, NULL);
}

static PyObject *value_itself(PyObject *self, PyObject *Py_UNUSED(_))
{
    return Py_NewRef(self);
}

static PyObject *value_pow_method(PyObject *self, PyObject *other)
{
    return PyNumber_Power(self, other, Py_None);
}

#define METHOD_OF_TWO(name, OP)                                                              \
    static PyObject *value_method_##name(PyObject *self, PyObject *other)                    \
    {                                                                                        \
        return PyObject_CallFunctionObjArgs(py.primitive[OP], self, other, NULL);            \
    }

METHOD_OF_TWO(maximum, OP_MAXIMUM)
METHOD_OF_TWO(minimum, OP_MINIMUM)
METHOD_OF_TWO(hypot, OP_HYPOT)
METHOD_OF_TWO(arctan2, OP_ATAN2)

static PyObject *value_clipped(PyObject *self, PyObject *args, PyObject *options)
{
    static const char *names[] = {"low", "high", NULL};
    PyObject *low, *high;
    if (!PyArg_ParseTupleAndKeywords(args, options, "OO:clip", (char **)names, &low, &high)) {
        PyErr_Clear();
        return PyObject_CallFunction(py.refuse_arguments, "sNO", "Value.clip", behind(self, args),
                                     options ? options : Py_None);
    }
    return PyObject_CallFunctionObjArgs(py.primitive[OP_CLIP], self, low, high, NULL);
}

#define ONE(name)                                                                            \
    {                                                                                        \
        #name, value_method_##name, METH_NOARGS,                                             \
            #name "($self, /)\n--\n\nautograd." #name "(self), recorded in the graph."       \
    }
#define ALIAS(alias, name)                                                                   \
    {                                                                                        \
        #alias, value_method_##name, METH_NOARGS,                                            \
            #alias "($self, /)\n--\n\nautograd." #name "(self), recorded in the graph."      \
    }

static PyMethodDef value_methods[] = {
    {"backward", (PyCFunction)(void (*)(void))value_backward, METH_FASTCALL | METH_KEYWORDS,
     "backward($self, /, cotangent=1.0)\n--\n\n"
     "Put d(self)/d(node) into the `.grad` of every node below.\n\n"
     "Leaves add it to the gradient they have, interior nodes start afresh, so\n"
     "calling it twice doubles the leaves' gradients and calling it on two\n"
     "losses adds theirs.\n\n"
     "Argument: `cotangent`, the factor to start with.\n"
     "Raises RuntimeError if a leaf was assigned since the graph was recorded."},
    {"detach", value_detach, METH_NOARGS,
     "detach($self, /)\n--\n\nThe same number as a constant: no gradient passes."},
    ONE(exp),
    ONE(exp2),
    ONE(expm1),
    ONE(log),
    ONE(log2),
    ONE(log10),
    ONE(log1p),
    ONE(sqrt),
    ONE(cbrt),
    ONE(square),
    ONE(reciprocal),
    ONE(sin),
    ONE(cos),
    ONE(tan),
    ONE(asin),
    ALIAS(arcsin, asin),
    ONE(acos),
    ALIAS(arccos, acos),
    ONE(atan),
    ALIAS(arctan, atan),
    ONE(sinh),
    ONE(cosh),
    ONE(tanh),
    ONE(asinh),
    ALIAS(arcsinh, asinh),
    ONE(acosh),
    ALIAS(arccosh, acosh),
    ONE(atanh),
    ALIAS(arctanh, atanh),
    ONE(abs),
    ALIAS(fabs, abs),
    ONE(sign),
    ONE(floor),
    ONE(ceil),
    ONE(trunc),
    ONE(sigmoid),
    ONE(logsigmoid),
    ONE(softplus),
    ONE(softsign),
    ONE(relu),
    ONE(selu),
    ONE(silu),
    ONE(mish),
    ONE(gelu),
    ONE(erf),
    ONE(erfc),
    ONE(lgamma),
    ONE(digamma),
    {"rint", value_method_rint, METH_NOARGS,
     "rint($self, /)\n--\n\nautograd.round(self), recorded in the graph."},
    {"item", value_item, METH_NOARGS,
     "item($self, /)\n--\n\nThe number, under PyTorch's and NumPy's name for leaving the graph."},
    {"conjugate", value_itself, METH_NOARGS,
     "conjugate($self, /)\n--\n\nitself: what NumPy's var, std and vdot ask of a number."},
    {"pow", value_pow_method, METH_O, "pow($self, other, /)\n--\n\nself ** other."},
    {"maximum", value_method_maximum, METH_O,
     "maximum($self, other, /)\n--\n\nautograd.maximum(self, other)."},
    {"minimum", value_method_minimum, METH_O,
     "minimum($self, other, /)\n--\n\nautograd.minimum(self, other)."},
    {"hypot", value_method_hypot, METH_O,
     "hypot($self, other, /)\n--\n\nautograd.hypot(self, other)."},
    {"arctan2", value_method_arctan2, METH_O,
     "arctan2($self, other, /)\n--\n\nautograd.atan2(self, other)."},
    {"clip", (PyCFunction)(void (*)(void))value_clipped, METH_VARARGS | METH_KEYWORDS,
     "clip($self, /, low, high)\n--\n\nautograd.clip(self, low, high)."},
    {"__round__", (PyCFunction)(void (*)(void))value_rounded, METH_FASTCALL | METH_KEYWORDS,
     "__round__($self, /, digits=None)\n--\n\nRounded as Python does, recorded in the graph."},
    {"__floor__", value_method_floor, METH_NOARGS, "__floor__($self, /)\n--\n\nThe floor."},
    {"__ceil__", value_method_ceil, METH_NOARGS, "__ceil__($self, /)\n--\n\nThe ceiling."},
    {"__trunc__", value_method_trunc, METH_NOARGS, "__trunc__($self, /)\n--\n\nTruncated."},
    {"__complex__", value_complex, METH_NOARGS, "__complex__($self, /)\n--\n\nRefused."},
    {"__format__", value_format, METH_O, "__format__($self, spec, /)\n--\n\nThe number's format."},
    {"__copy__", value_copy, METH_NOARGS, "__copy__($self, /)\n--\n\nA twin of this node."},
    {"__deepcopy__", value_deepcopy, METH_O,
     "__deepcopy__($self, memo, /)\n--\n\nA copy of the graph below."},
    {"__reduce__", value_reduce, METH_NOARGS, "__reduce__($self, /)\n--\n\nFor pickle: leaves."},
    {"_apply", (PyCFunction)(void (*)(void))value_apply, METH_FASTCALL | METH_STATIC,
     "_apply(primitive, args, /)\n--\n\n"
     "Record `primitive` on `args`, of which at least one is a Value."},
    {NULL, NULL, 0, NULL},
};

static Py_hash_t value_hash(PyObject *self) /* by identity, though == is by value */
{
    return PyBaseObject_Type.tp_hash(self);
}

static PyMemberDef value_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Handle, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

#define SLOT(name, function) {Py_##name, (void *)(function)}

static PyType_Slot value_slots[] = {
    SLOT(tp_doc, "Value(data, _children=(), _op='', label='')\n--\n\n"
                 "A node of a computation graph: a leaf made by you, or what an operation made.\n\n"
                 "Arguments: `data`, a real number (kept as a float); `label`, a name for\n"
                 "pictures and messages; `_children` and `_op` are taken for programs written\n"
                 "for micrograd and must be left empty.\n\n"
                 "Raises TypeError for anything that is not a real number, OverflowError for\n"
                 "an int too large for a float.\n\n"
                 ">>> x = Value(2.0, label=\"x\"); y = Value(-3.0, label=\"y\")\n"
                 ">>> z = x * y + x ** 2\n"
                 ">>> z.backward()\n"
                 ">>> z.data, x.grad, y.grad\n"
                 "(-2.0, 1.0, 2.0)\n"),
    SLOT(tp_new, value_new),
    SLOT(tp_init, value_init),
    SLOT(tp_dealloc, value_dealloc),
    SLOT(tp_repr, value_repr),
    SLOT(tp_hash, value_hash),
    SLOT(tp_richcompare, value_compare),
    SLOT(tp_methods, value_methods),
    SLOT(tp_members, value_members),
    SLOT(tp_getset, value_attributes),
    SLOT(nb_add, value_nb_add),
    SLOT(nb_subtract, value_nb_subtract),
    SLOT(nb_multiply, value_nb_multiply),
    SLOT(nb_true_divide, value_nb_divide),
    SLOT(nb_floor_divide, value_nb_floor_divide),
    SLOT(nb_remainder, value_nb_remainder),
    SLOT(nb_divmod, value_nb_divmod),
    SLOT(nb_power, value_nb_power),
    SLOT(nb_negative, value_nb_negative),
    SLOT(nb_positive, value_nb_positive),
    SLOT(nb_absolute, value_nb_absolute),
    SLOT(nb_bool, value_nb_bool),
    SLOT(nb_int, value_leaves_the_graph),
    SLOT(nb_float, value_leaves_the_graph),
    SLOT(nb_index, value_leaves_the_graph),
    {0, NULL},
};

/* A type on the heap, as a class written in Python is: messages call it by the same name,
   and programs may add methods to it. */
static PyType_Spec value_spec = {
    .name = "autograd.Value",
    .basicsize = sizeof(Handle),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = value_slots,
};

/* Value(...): the short way, unless a program has given the class another __init__ or __new__. */
static PyObject *value_called(PyObject *type, PyObject *const *args, size_t flags, PyObject *names)
{
    PyTypeObject *t = (PyTypeObject *)type;
    Py_ssize_t n = PyVectorcall_NARGS(flags), i;
    PyObject *all, *options = NULL, *made = NULL;
    if (LIKELY(t->tp_init == value_init && t->tp_new == value_new))
        return value_vectorcall(type, args, flags, names);
    if (!(all = PyTuple_New(n)))
        return NULL;
    for (i = 0; i < n; i++)
        PyTuple_SET_ITEM(all, i, Py_NewRef(args[i]));
    if (!names || (options = PyDict_New())) {
        int failed = 0;
        for (i = 0; names && i < PyTuple_GET_SIZE(names) && !failed; i++)
            failed = PyDict_SetItem(options, PyTuple_GET_ITEM(names, i), args[n + i]) < 0;
        made = failed ? NULL : PyType_Type.tp_call(type, all, options);
    }
    Py_DECREF(all);
    Py_XDECREF(options);
    return made;
}

static int make_type(void)
{
    PyObject *type = PyType_FromSpec(&value_spec);
    PyObject *name = PyUnicode_FromString("Value"), *rank = PyLong_FromLong(10);
    int failed = !type || !name || !rank || PyObject_SetAttrString(type, "_rank", rank) < 0 ||
                 /* without the module, as messages call a class written in Python */
                 PyObject_SetAttrString(type, "__name__", name) < 0;
    Py_XDECREF(name);
    Py_XDECREF(rank);
    if (failed)
        return -1;
    ValueType = (PyTypeObject *)type;
    ValueType->tp_vectorcall = value_called;
    return 0;
}

/* Calling a row. An instance of this type stands as Primitive.__call__ and does what the
   Python one does for floats, ints and Values; the rest it hands to `_interpret`. */

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *wrapped; /* the Python one: for help and inspect */
} Caller;

static PyObject *call_on(PyObject *primitive, PyObject *const *args, Py_ssize_t n)
{
    int op = op_of(primitive), values = 0, floats = 0;
    Py_ssize_t i;
    PyObject *rest, *result;
    if (op > OP_LEAF && (rows[op].traits & NARY || n == rows[op].arity)) {
        for (i = 0; i < n; i++) {
            if (Py_TYPE(args[i]) == ValueType)
                values++;
            else if (PyFloat_CheckExact(args[i]))
                floats++;
            else if (!PyLong_CheckExact(args[i]))
                break;
        }
        if (i == n && values)
            return apply(primitive, args, n);
        if (n && floats == n && n <= FEW && !(rows[op].traits & VALUE_IN_PYTHON)) {
            double xs[FEW], y;
            for (i = 0; i < n; i++)
                xs[i] = PyFloat_AS_DOUBLE(args[i]);
            return compute((unsigned)op, primitive, xs, (size_t)n, &y) < 0 ? NULL
                                                                          : PyFloat_FromDouble(y);
        }
    }
    if (op < 0)
        return NULL;
    rest = PyTuple_New(n);
    if (!rest)
        return NULL;
    for (i = 0; i < n; i++)
        PyTuple_SET_ITEM(rest, i, Py_NewRef(args[i]));
    result = PyObject_CallFunctionObjArgs(py.interpret, primitive, rest, NULL);
    Py_DECREF(rest);
    return result;
}

static PyObject *call_row(PyObject *caller, PyObject *const *args, size_t flags, PyObject *names)
{
    Py_ssize_t n = PyVectorcall_NARGS(flags);
    if (names || n < 1) /* Python words the error */
        return PyObject_Vectorcall(((Caller *)caller)->wrapped, args, (size_t)n, names);
    return call_on(args[0], args + 1, n - 1);
}

/* spread(primitive, *lists): the row on all their numbers. */
static PyObject *core_spread(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    PyObject *few[2 * FEW], **items = few, *result;
    Py_ssize_t n = 0, k, i;
    few[0] = NULL;
    if (count < 1) {
        PyErr_SetString(PyExc_TypeError, "spread takes a primitive and lists");
        return NULL;
    }
    for (k = 1; k < count; k++) {
        if (!PyList_CheckExact(args[k]) && !PyTuple_CheckExact(args[k])) {
            PyErr_Format(PyExc_TypeError, "spread takes lists and tuples, got %R", args[k]);
            return NULL;
        }
        n += PySequence_Fast_GET_SIZE(args[k]);
    }
    if (n > 2 * FEW && !(items = PyMem_Malloc((size_t)n * sizeof *items)))
        return PyErr_NoMemory();
    for (n = 0, k = 1; k < count; k++)
        for (i = 0; i < PySequence_Fast_GET_SIZE(args[k]); i++)
            items[n++] = Py_NewRef(PySequence_Fast_GET_ITEM(args[k], i));
    result = call_on(args[0], items, n);
    while (n)
        Py_DECREF(items[--n]);
    if (items != few)
        PyMem_Free(items);
    return result;
}

static PyObject *caller_wrapped(PyObject *self, void *Py_UNUSED(_))
{
    return Py_NewRef(((Caller *)self)->wrapped);
}

static PyObject *caller_documentation(PyObject *self, void *Py_UNUSED(_))
{
    return PyObject_GetAttrString(((Caller *)self)->wrapped, "__doc__");
}

static PyObject *caller_bind(PyObject *self, PyObject *object, PyObject *Py_UNUSED(type))
{
    return object && object != Py_None ? PyMethod_New(self, object) : Py_NewRef(self);
}

static PyGetSetDef caller_attributes[] = {
    {"__wrapped__", caller_wrapped, NULL, NULL, NULL},
    {"__doc__", caller_documentation, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyTypeObject CallerType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "autograd.core._core.Caller",
    .tp_basicsize = sizeof(Caller),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR |
                Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_vectorcall_offset = offsetof(Caller, call),
    .tp_call = PyVectorcall_Call,
    .tp_descr_get = caller_bind,
    .tp_getset = caller_attributes,
};

/* caller(wrapped): what stands as Primitive.__call__ while this engine runs. */
static PyObject *core_caller(PyObject *Py_UNUSED(module), PyObject *wrapped)
{
    if (!py.caller) {
        Caller *caller = PyObject_New(Caller, &CallerType);
        if (!caller)
            return NULL;
        caller->call = call_row;
        caller->wrapped = Py_NewRef(wrapped);
        py.caller = (PyObject *)caller;
    }
    return Py_NewRef(py.caller);
}

#include "layer.h"
#include "steps.h"

/* Functions of the module */

static PyObject *core_constant(PyObject *Py_UNUSED(module), PyObject *args, PyObject *options)
{
    static const char *names[] = {"data", "label", NULL};
    PyObject *number, *label = NULL, *self;
    double data;
    if (!PyArg_ParseTupleAndKeywords(args, options, "O|O:constant", (char **)names, &number,
                                     &label)) {
        PyErr_Clear();
        return PyObject_CallFunction(py.refuse_arguments, "sOO", "constant", args,
                                     options ? options : Py_None);
    }
    if (as_number(number, py.constant_name, -1, &data) < 0)
        return NULL;
    self = leaf_object(data, CONSTANT);
    if (self && label && set_label(record_of(self), label) < 0)
        Py_CLEAR(self);
    return self;
}

/* twin(node, parents): a new node like `node` but with these parents and its notes. */
static PyObject *core_twin(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Record *source, *r;
    PyObject *self = NULL;
    PyObject *const *items;
    uint32_t i, n;
    if (count != 2 || !is_value(args[0]) || !PyTuple_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "twin takes a Value and a tuple of Values");
        return NULL;
    }
    source = record_of(args[0]);
    n = arity_of(source);
    items = ((PyTupleObject *)args[1])->ob_item;
    for (i = 0; i < (uint32_t)PyTuple_GET_SIZE(args[1]); i++)
        if (!is_value(items[i]))
            n = UINT32_MAX;
    if (PyTuple_GET_SIZE(args[1]) != (Py_ssize_t)n) {
        PyErr_SetString(PyExc_TypeError, "twin takes as many parents as the node has");
        return NULL;
    }
    if (segment_of(source)->leaves) {
        self = value_new(Py_TYPE(args[0]), NULL, NULL);
        if (self) {
            record_of(self)->data = source->data;
            record_of(self)->flags &= (uint16_t)~VARIES;
            record_of(self)->flags |= source->flags & (CONSTANT | VARIES);
        }
    } else if (source->flags & MANY) {
        Args *copy = args_new(n, 0);
        int inherited = 0;
        if (!copy)
            return NULL;
        copy->primitive = Py_XNewRef(source->of.args->primitive);
        for (i = 0; i < n; i++) {
            Record *p = record_of(items[i]);
            args_indices(copy)[i] = index_of(p);
            become_parent(p);
            inherited |= p->flags & INHERITED;
        }
        self = bare_many(source->op, copy, inherited, source->data);
    } else if (n == 1) {
        self = bare1(source->op, record_of(items[0]), source->data);
    } else {
        self = bare2(source->op, record_of(items[0]), record_of(items[1]), source->data);
    }
    if (!self)
        return NULL;
    r = record_of(self);
    if (segment_of(r)->leaves) {
        r->of.made = source->of.made;
        *leaf_order(r) = *leaf_order(source);
    } else if (assigned_parent(source) && set_void(r, recorded(source)) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    if (source->flags & REACHED) {
        *grad_of(r) = *grad_of(source);
        r->flags |= REACHED;
    }
    if (set_label(r, label_of(source)) < 0 || set_place(r, place_of(source)) < 0)
        Py_CLEAR(self);
    return self;
}

static int index_list(PyObject *values, const char *what, Index **out, Py_ssize_t *count)
{
    PyObject *list = PySequence_Fast(values, what);
    Py_ssize_t i, n;
    if (!list)
        return -1;
    n = PySequence_Fast_GET_SIZE(list);
    *out = PyMem_Malloc((size_t)(n + 1) * sizeof **out);
    for (i = 0; *out && i < n; i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(list, i);
        if (!is_value(item)) {
            PyErr_Format(PyExc_TypeError, "%s, got %R", what, item);
            PyMem_Free(*out);
            Py_DECREF(list);
            return -1;
        }
        (*out)[i] = index_of(record_of(item));
    }
    Py_DECREF(list);
    if (!*out) {
        PyErr_NoMemory();
        return -1;
    }
    *count = n;
    return 0;
}

/* The sums on floats. */
static PyObject *cotangents_as_numbers(PyObject *given, const Index *roots, Py_ssize_t root_count,
                                       const Index *wrt, Py_ssize_t wrt_count, int listed,
                                       uint64_t since)
{
    double *seeds = PyMem_Malloc((size_t)(root_count + 1) * sizeof *seeds), *saved = NULL;
    double *sums = NULL;
    Index *reached = NULL;
    PyObject *result = NULL;
    Order order = {NULL, 0, 0, NULL, NULL};
    Py_ssize_t i;
    size_t k, sent = 0;
    if (!seeds)
        return PyErr_NoMemory();
    for (i = 0; i < root_count; i++)
        seeds[i] = PyFloat_AS_DOUBLE(PyList_GET_ITEM(given, i));
    if (collect_below(&order, roots, (size_t)root_count, since) < 0)
        goto done;
    if (order.changed) {
        refuse_changed(&order);
        goto done;
    }
    reached = malloc((order.count + 1) * sizeof *reached);
    sums = malloc((order.count + (size_t)wrt_count + 1) * sizeof *sums);
    if (!reached || !sums) {
        PyErr_NoMemory();
        goto done;
    }
    if (!(saved = save(&order)))
        goto done;
    for (i = 0; i < wrt_count; i++)
        record_at(wrt[i])->flags |= MARKED;
    for (k = 0; !wrt && k < order.count; k++)
        if (segment_of(record_at(order.nodes[k]))->leaves &&
            !(record_at(order.nodes[k])->flags & CONSTANT))
            record_at(order.nodes[k])->flags |= MARKED;
    send_marked(&order, roots, seeds, (size_t)root_count);
    if (listed) {
        for (i = 0; i < wrt_count; i++) {
            Record *r = record_at(wrt[i]);
            sums[i] = r->flags & SENT ? segment_of(r)->cotangents[slot_of(r)] : 0.0;
        }
    } else {
        for (k = 0; k < order.count; k++) {
            Record *r = record_at(order.nodes[k]);
            if (r->flags & SENT) {
                reached[sent] = order.nodes[k];
                sums[sent++] = segment_of(r)->cotangents[slot_of(r)];
            }
        }
    }
    restore(&order, saved);
    for (i = 0; i < wrt_count; i++)
        record_at(wrt[i])->flags &= (uint16_t)~MARKED;
    /* The traversal is over: now objects may be made. */
    result = listed ? PyList_New(wrt_count) : PyDict_New();
    for (i = 0; result && listed && i < wrt_count; i++) {
        PyObject *sum = PyFloat_FromDouble(sums[i]);
        if (!sum)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, sum);
    }
    for (k = 0; result && k < sent; k++) {
        PyObject *node = object_of(record_at(reached[k]));
        PyObject *sum = PyFloat_FromDouble(sums[k]);
        if (!node || !sum || PyDict_SetItem(result, node, sum) < 0)
            Py_CLEAR(result);
        Py_XDECREF(node);
        Py_XDECREF(sum);
    }
done:
    free(reached);
    free(sums);
    free(saved);
    order_free(&order);
    PyMem_Free(seeds);
    return result;
}

/* The clock when the oldest of the leaves was made: what is older can't depend on it. */
static uint64_t clock_of(Index at)
{
    Record *r = record_at(at);
    return segment_of(r)->leaves ? r->of.made : born(r);
}

/* cotangents(outputs, seeds, wrt, as_nodes, listed): None if only Python can tell. */
static PyObject *core_cotangents(PyObject *Py_UNUSED(module), PyObject *const *args,
                                 Py_ssize_t count)
{
    Index *roots = NULL, *wrt = NULL;
    Py_ssize_t root_count, wrt_count = 0, i;
    PyObject *result = NULL;
    int as_nodes, listed, in_python = flag_of_mode("strict", 0);
    uint64_t since;
    if (count != 5 || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "cotangents takes 5 arguments");
        return NULL;
    }
    as_nodes = args[3] == Py_True;
    listed = args[4] == Py_True;
    if (in_python < 0 ||
        index_list(args[0], "the outputs are a list of Values", &roots, &root_count) < 0)
        return NULL;
    if (args[2] != Py_None &&
        index_list(args[2], "what is wanted is a list of Values", &wrt, &wrt_count) < 0)
        goto done;
    for (i = 0; i < root_count; i++) {
        PyObject *seed = PyList_GET_ITEM(args[1], i);
        in_python |= !PyFloat_CheckExact(seed) && !(as_nodes && is_value(seed));
        in_python |= !as_nodes && record_at(roots[i])->flags & IN_PYTHON;
    }
    since = listed && wrt_count ? clock_of(wrt[0]) : 0;
    if (in_python)
        result = Py_NewRef(Py_None);
    else if (as_nodes)
        result = cotangents_as_nodes(args[1], roots, root_count, wrt, wrt_count, listed, since);
    else
        result = cotangents_as_numbers(args[1], roots, root_count, wrt, wrt_count, listed, since);
done:
    PyMem_Free(roots);
    PyMem_Free(wrt);
    return result;
}

/* linked(outputs, leaves): whether there is something below the outputs to differentiate
   by that is none of the leaves: a variable, or an operation older than the first. */
static PyObject *core_linked(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Index *roots = NULL, *own = NULL;
    Py_ssize_t root_count, own_count = 0, i;
    Order order = {NULL, 0, 0, NULL, NULL};
    PyObject *result = NULL;
    uint64_t since;
    size_t k;
    int linked = 0;
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "linked takes 2 arguments");
        return NULL;
    }
    if (index_list(args[0], "the outputs are a list of Values", &roots, &root_count) < 0)
        return NULL;
    if (index_list(args[1], "the leaves are a list of Values", &own, &own_count) < 0)
        goto done;
    since = own_count ? clock_of(own[0]) : 0;
    if (collect_below(&order, roots, (size_t)root_count, since) < 0)
        goto done;
    for (i = 0; i < own_count; i++)
        record_at(own[i])->flags |= MARKED;
    for (k = 0; k < order.count && !linked; k++) {
        const Record *r = record_at(order.nodes[k]);
        linked = !(r->flags & MARKED) && !(r->flags & CONSTANT) &&
                 (segment_of(r)->leaves || born(r) < since);
    }
    for (i = 0; i < own_count; i++)
        record_at(own[i])->flags &= (uint16_t)~MARKED;
    result = PyBool_FromLong(linked);
done:
    order_free(&order);
    PyMem_Free(roots);
    PyMem_Free(own);
    return result;
}

static PyObject *core_statistics(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(_))
{
    size_t bytes = 0;
    uint32_t id, used = 0;
    Chunk *c;
    for (id = 1; id < segment_count; id += CHUNK_SEGMENTS) {
        uint32_t k;
        int given_back = 0;
        for (k = 0; k < free_id_count; k++)
            given_back |= free_ids[k] == id;
        if (given_back)
            continue;
        c = segments[id]->chunk;
        bytes += (CHUNK_SEGMENTS + 1) * (size_t)SEGMENT_BYTES;
        used += CHUNK_SEGMENTS - c->free_count;
    }
    return Py_BuildValue("{s:n,s:I}", "bytes", (Py_ssize_t)bytes, "segments", used);
}

static PyMethodDef core_functions[] = {
    {"constant", (PyCFunction)(void (*)(void))core_constant, METH_VARARGS | METH_KEYWORDS,
     "constant($module, /, data, label='')\n--\n\n"
     "A leaf that gets no gradient: what a plain number becomes when it meets a Value.\n\n"
     ">>> constant(2.0).constant\nTrue\n"},
    {"twin", (PyCFunction)(void (*)(void))core_twin, METH_FASTCALL,
     "twin($module, node, parents, /)\n--\n\nA new node like this one, with these parents."},
    {"cotangents", (PyCFunction)(void (*)(void))core_cotangents, METH_FASTCALL,
     "cotangents($module, outputs, seeds, wrt, as_nodes, listed, /)\n--\n\n"
     "The sums by node, or beside wrt; None if only Python can compute them."},
    {"linked", (PyCFunction)(void (*)(void))core_linked, METH_FASTCALL,
     "linked($module, outputs, leaves, /)\n--\n\n"
     "Whether something else than the leaves is there to differentiate by."},
    {"caller", core_caller, METH_O,
     "caller($module, wrapped, /)\n--\n\nWhat stands as Primitive.__call__."},
    {"spread", (PyCFunction)(void (*)(void))core_spread, METH_FASTCALL,
     "spread($module, primitive, /, *lists)\n--\n\n"
     "An n-ary primitive on the numbers of some lists, one after the other."},
    {"neurons", (PyCFunction)(void (*)(void))core_neurons, METH_FASTCALL,
     "neurons($module, weights, inputs, starts, activation, places, /)\n--\n\n"
     "A layer's outputs, one for each list of weights; None if Python must compute them."},
    {"data_of", core_data_of, METH_O,
     "data_of($module, values, /)\n--\n\nThe data of a list of Values, as an array."},
    {"grads_of", core_grads_of, METH_O,
     "grads_of($module, values, /)\n--\n\nThe gradients of a list of Values, as an array."},
    {"assign", (PyCFunction)(void (*)(void))core_assign, METH_FASTCALL,
     "assign($module, values, numbers, /)\n--\n\nAssign the data of a list of leaves."},
    {"clear_grads", core_clear_grads, METH_O,
     "clear_grads($module, values, /)\n--\n\nMake every gradient \"not reached\"."},
    {"first_nonfinite", core_first_nonfinite, METH_O,
     "first_nonfinite($module, numbers, /)\n--\n\n"
     "The position of the first NaN or infinity among floats; None if there is none."},
    {"sgd", core_sgd, METH_VARARGS,
     "sgd($module, data, grads, velocity, lr, momentum, weight_decay, nesterov, /)\n--\n\n"
     "SGD's arithmetic: the new numbers and velocities."},
    {"adam", core_adam, METH_VARARGS,
     "adam($module, data, grads, mean, square, lr, beta1, beta2, eps, t, /)\n--\n\n"
     "Adam's arithmetic for its t-th step, from 1: the new numbers, means and squares."},
    {"statistics", core_statistics, METH_NOARGS,
     "statistics($module, /)\n--\n\nThe tape's bytes and its segments in use."},
    {NULL, NULL, 0, NULL},
};

static PyObject *attribute_of(const char *module, const char *name)
{
    PyObject *found = NULL, *m = PyImport_ImportModule(module);
    if (m)
        found = PyObject_GetAttrString(m, name);
    Py_XDECREF(m);
    return found;
}

static int find_rows(void)
{
    PyObject *lookup = attribute_of("autograd.row", "_ROWS");
    unsigned op;
    py.op_of = PyDict_New();
    if (!lookup || !py.op_of)
        return -1;
    py.primitive[OP_LEAF] = Py_NewRef(Py_None);
    py.primitive[OP_CUSTOM] = Py_NewRef(Py_None);
    for (op = 1; op < OP_CUSTOM; op++) {
        PyObject *row = PyDict_GetItemString(lookup, rows[op].name), *number;
        if (!row) {
            PyErr_Format(PyExc_ImportError, "the core was built with a row %s: build it again",
                         rows[op].name);
            return -1;
        }
        py.primitive[op] = Py_NewRef(row);
        number = PyLong_FromLong((long)op);
        if (!number || PyDict_SetItem(py.op_of, row, number) < 0)
            return -1;
        Py_DECREF(number);
    }
    Py_DECREF(lookup);
    return 0;
}

/* Called by autograd/core/twin.py with its own functions, before anything else. */
static PyObject *core_connect(PyObject *module, PyObject *helpers)
{
    static const struct {
        PyObject **where;
        const char *name;
    } wanted[] = {
        {&py.record_in_mode, "record_in_mode"},
        {&py.deep_copy, "deep_copy"},
        {&py.copy, "copy"},
        {&py.reduced, "reduced"},
        {&py.refuse_python_float, "leaves_the_graph"},
        {&py.refuse_arguments, "refuse_arguments"},
        {&py.refuse_children, "refuse_children"},
        {&py.refuse_data, "refuse_data"},
        {&py.place_leaf, "place_leaf"},
        {&py.comparable, "comparable"},
        {&py.rounded_to, "rounded_to"},
    };
    size_t i;
    for (i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        PyObject *found = PyDict_GetItemString(helpers, wanted[i].name);
        if (!found) {
            PyErr_Format(PyExc_ImportError, "connect needs %s", wanted[i].name);
            return NULL;
        }
        *wanted[i].where = Py_NewRef(found);
    }
    (void)module;
    Py_RETURN_NONE;
}

static PyMethodDef connect_function = {"connect", core_connect, METH_O,
                                       "connect($module, helpers, /)\n--\n\nFor the package."};

static int core_exec(PyObject *module)
{
    PyObject *used, *function;
    static Py_buffer switched;
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_ImportError,
                        "the compiled core keeps one tape for the process, so only the main"
                        " interpreter may import it; a subinterpreter runs the pure engine");
        return -1;
    }
    if (tape) {
        PyErr_SetString(PyExc_ImportError, "the compiled core can be loaded only once");
        return -1;
    }
    if (make_type() < 0)
        return -1;
    if (find_rows() < 0)
        return -1;
    py.array = attribute_of("array", "array");
    py.number = attribute_of("autograd.row", "number");
    py.operand = attribute_of("autograd.row", "operand");
    py.current_mode = attribute_of("autograd.modes", "current");
    py.changed = attribute_of("autograd.reverse", "_changed");
    py.reverse_backward = attribute_of("autograd.reverse", "backward");
    function = attribute_of("autograd.row", "Primitive");
    py.interpret = function ? PyObject_GetAttrString(function, "_interpret") : NULL;
    Py_XDECREF(function);
    py.labels = PyDict_New();
    py.voids = PyDict_New();
    py.empty_string = PyUnicode_InternFromString("");
    py.empty_tuple = PyTuple_New(0);
    py.value_name = PyUnicode_InternFromString("Value");
    py.data_name = PyUnicode_InternFromString("Value.data");
    py.constant_name = PyUnicode_InternFromString("constant");
    py.grad_name = PyUnicode_InternFromString("Value.grad");
    py.backward_name = PyUnicode_InternFromString("backward");
    used = attribute_of("autograd.modes", "used");
    if (!used || !py.array || !py.interpret || PyType_Ready(&CallerType) < 0 || !py.number || !py.operand || !py.current_mode || !py.changed ||
        !py.reverse_backward || !py.labels || !py.voids || !py.empty_string || !py.empty_tuple ||
        !py.value_name || !py.data_name || !py.constant_name || !py.grad_name || !py.backward_name)
        return -1;
    /* The view is kept for good: the byte can't move. */
    if (PyObject_GetBuffer(used, &switched, PyBUF_SIMPLE) < 0)
        return -1;
    modes_used = switched.buf;
    if (tape_turn() < 0)
        return -1;
    function = PyCFunction_New(&connect_function, module);
    if (!function || PyModule_AddObject(module, "connect", function) < 0)
        return -1;
    if (PyModule_AddStringConstant(module, "TABLE", TABLE) < 0)
        return -1;
    return PyModule_AddObject(module, "Value", Py_NewRef((PyObject *)ValueType));
}

static PyModuleDef_Slot core_slots[] = {
    {Py_mod_exec, core_exec},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef core_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "autograd.core._core",
    .m_doc = "The compiled core of autograd.",
    .m_size = 0,
    .m_methods = core_functions,
    .m_slots = core_slots,
};

PyMODINIT_FUNC PyInit__core(void)
{
#ifdef Py_GIL_DISABLED
    PyErr_SetString(PyExc_ImportError,
                    "the compiled core needs the interpreter's lock: on a free-threaded Python"
                    " the pure engine runs");
    return NULL;
#else
    return PyModuleDef_Init(&core_module);
#endif
}
