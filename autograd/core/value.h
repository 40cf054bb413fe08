/* Value: the Python object, a light handle on a record, and the making of nodes. */

struct Handle {
    PyObject_HEAD
    Record *record;
    PyObject *weakrefs;
};

static PyTypeObject *ValueType; /* made with the module, and for good */

/* Python's side of things, found when the module is made */
static struct {
    PyObject *primitive[OP_COUNT]; /* the rows */
    PyObject *op_of;               /* dict: a row to its number here */
    PyObject *number, *operand; /* autograd.row */
    PyObject *current_mode;     /* autograd.modes */
    PyObject *changed, *reverse_backward; /* autograd.reverse */
    PyObject *record_in_mode, *deep_copy, *copy, *reduced; /* autograd.core */
    PyObject *refuse_python_float, *refuse_arguments, *refuse_children, *refuse_data, *place_leaf, *comparable, *rounded_to;
    PyObject *value_name, *data_name, *constant_name, *grad_name, *backward_name, *empty_string, *empty_tuple;
    PyObject *labels; /* dict: a record's address to its label */
    PyObject *voids;  /* dict: a void copy's address to when its original was recorded */
    PyObject *array;     /* array.array */
    PyObject *interpret; /* Primitive._interpret */
    PyObject *caller;    /* Primitive.__call__ of this engine */
} py;

/* Set to 1 when a mode is first entered anywhere: until then nobody asks for it. */
static const unsigned char *modes_used;

static inline int is_value(PyObject *o)
{
    return Py_TYPE(o) == ValueType || PyType_IsSubtype(Py_TYPE(o), ValueType);
}

static inline Record *record_of(PyObject *o)
{
    return ((Handle *)o)->record;
}

static inline uint32_t arity_of(const Record *r)
{
    return r->flags & MANY ? r->of.args->n : rows[r->op].arity;
}

static inline uint64_t *leaf_order(Record *r)
{
    return &segment_of(r)->leaves->order[slot_of(r)];
}

static inline double *grad_of(Record *r)
{
    Segment *s = segment_of(r);
    return &(s->leaves ? s->leaves->grad : s->cotangents)[slot_of(r)];
}

/* Handles */

static Handle *idle; /* objects kept for the next node, linked by their records' field */
static int idle_count;
#ifdef AUTOGRAD_SANITIZED
enum { MOST_IDLE = 0 };
#else
enum { MOST_IDLE = 4096 };
#endif

static SELDOM Handle *handle_make(void)
{
    Handle *h = PyObject_Malloc(sizeof *h);
    if (!h) {
        PyErr_NoMemory();
        return NULL;
    }
    (void)PyObject_Init((PyObject *)h, ValueType);
    h->weakrefs = NULL;
    return h;
}

static inline Handle *handle_new(void)
{
    Handle *h = idle;
    if (UNLIKELY(!h))
        return handle_make();
    idle = (Handle *)h->record;
    idle_count--;
#ifdef Py_REF_DEBUG
    _Py_NewReference((PyObject *)h);
#else
    Py_SET_REFCNT((PyObject *)h, 1);
#endif
    return h;
}

static inline void handle_free(Handle *h)
{
    if (LIKELY(idle_count < MOST_IDLE)) {
        h->record = (Record *)idle;
        idle = h;
        idle_count++;
    } else {
        PyObject_Free(h);
        Py_DECREF(ValueType);
    }
}

static inline PyObject *hold(Handle *h, Record *r) /* h becomes r's handle */
{
    h->record = r;
    r->handle = h;
    r->count++;
    return (PyObject *)h;
}

/* A new leaf or a new constant, as an object. */
static PyObject *leaf_object(double data, int flags)
{
    Record *r;
    Handle *h = handle_new();
    if (!h)
        return NULL;
    r = leaf_new(data, flags);
    if (!r) {
        handle_free(h);
        return NULL;
    }
    return hold(h, r);
}

/* The handle now lives as long as its record, whoever else holds it. Done for a
   node that has been reached by walking, so that its identity does not change. */
static void adopt(Record *r)
{
    if (r->flags & OWNS)
        return;
    Py_INCREF((PyObject *)r->handle);
    r->flags |= OWNS;
    r->count--; /* a child holds it: this is not the last */
}

/* The object of a node: the one there is, or a new one. */
static PyObject *object_of(Record *r)
{
    Handle *h;
    if (r->handle)
        return Py_NewRef((PyObject *)r->handle);
    h = handle_new();
    return h ? hold(h, r) : NULL;
}

/* r, which owns its handle, has no child left. Whether both die now; if not, the
   handle holds the record from here on. */
static int handle_dies_with(Record *r)
{
    PyObject *h = (PyObject *)r->handle;
    r->flags &= (uint16_t)~OWNS;
    if (Py_REFCNT(h) == 1 && Py_TYPE(h) == ValueType && !r->handle->weakrefs) {
        handle_free(r->handle);
        return 1;
    }
    r->count = 1;
    release_later(h);
    return 0;
}

static SELDOM void value_dealloc_seldom(Handle *h)
{
    PyObject *self = (PyObject *)h;
    PyTypeObject *type = Py_TYPE(self);
    Record *r = h->record;
    if (r && r->count > 1 && h->weakrefs && type == ValueType) {
        /* The node lives on in its children, so weak references to it do too. */
        Py_SET_REFCNT(self, 1);
        r->flags |= OWNS;
        r->count--;
        return;
    }
    if (r)
        r->handle = NULL;
    if (h->weakrefs)
        PyObject_ClearWeakRefs(self);
    if (type == ValueType) {
        handle_free(h);
    } else {
        type->tp_free(self);
        Py_DECREF(type);
    }
    if (r && --r->count == 0)
        bury(r);
}

static void value_dealloc(PyObject *self)
{
    Handle *h = (Handle *)self;
    Record *r = h->record;
    if (UNLIKELY(h->weakrefs != NULL || Py_TYPE(self) != ValueType || !r)) {
        value_dealloc_seldom(h);
        return;
    }
    r->handle = NULL;
    handle_free(h);
    if (--r->count == 0)
        bury(r);
}

/* Notes: the label of the few nodes that have one, and the place where a node was made */

static PyObject *address(Record *r)
{
    return PyLong_FromVoidPtr(r);
}

static PyObject *label_of(Record *r) /* borrowed */
{
    PyObject *key, *found;
    if (!(r->flags & LABELLED) || !(key = address(r)))
        return py.empty_string;
    found = PyDict_GetItem(py.labels, key);
    Py_DECREF(key);
    return found ? found : py.empty_string;
}

static int set_label(Record *r, PyObject *label)
{
    PyObject *key;
    int failed;
    if (!(r->flags & LABELLED) && PyUnicode_CheckExact(label) && !PyUnicode_GET_LENGTH(label))
        return 0;
    key = address(r);
    failed = !key || PyDict_SetItem(py.labels, key, label) < 0;
    Py_XDECREF(key);
    if (failed)
        return -1;
    r->flags |= LABELLED;
    return 0;
}

static PyObject *place_of(Record *r) /* borrowed */
{
    return r->flags & PLACED ? segment_of(r)->places[slot_of(r)] : Py_None;
}

static int set_place(Record *r, PyObject *place)
{
    Segment *s = segment_of(r);
    PyObject *old = r->flags & PLACED ? place_of(r) : NULL;
    if (place == Py_None) {
        r->flags &= (uint16_t)~PLACED;
    } else {
        if (!s->places && !(s->places = malloc(SLOTS * sizeof *s->places))) {
            PyErr_NoMemory();
            return -1;
        }
        s->places[slot_of(r)] = Py_NewRef(place);
        r->flags |= PLACED;
    }
    Py_XDECREF(old);
    return 0;
}

/* When an operation was recorded; for a void copy, when its original was. */
static uint64_t recorded(Record *r)
{
    uint64_t when = born(r);
    PyObject *key, *found;
    if (UNLIKELY(r->flags & VOID) && (key = address(r))) {
        found = PyDict_GetItem(py.voids, key);
        if (found)
            when = PyLong_AsUnsignedLongLong(found);
        Py_DECREF(key);
    }
    return when;
}

static int set_void(Record *r, uint64_t when)
{
    PyObject *key = address(r), *number = PyLong_FromUnsignedLongLong(when);
    int failed = !key || !number || PyDict_SetItem(py.voids, key, number) < 0;
    Py_XDECREF(key);
    Py_XDECREF(number);
    if (failed)
        return -1;
    r->flags |= VOID;
    last_void = UINT64_MAX; /* from now on every node is looked at */
    return 0;
}

static void forget_notes(Record *r)
{
    PyObject *type, *value, *traceback, *key, *label;
    if (r->flags & PLACED) {
        PyObject *place = place_of(r);
        if (Py_REFCNT(place) > 1)
            Py_DECREF(place); /* not the last: nothing runs */
        else
            release_later(place);
    }
    if (!(r->flags & (LABELLED | VOID)))
        return;
    PyErr_Fetch(&type, &value, &traceback);
    key = address(r);
    if (key && r->flags & VOID)
        (void)PyDict_DelItem(py.voids, key);
    if (key && r->flags & LABELLED) {
        label = PyDict_GetItem(py.labels, key);
        Py_XINCREF(label);
        if (label && PyDict_DelItem(py.labels, key) == 0)
            release_later(label);
    }
    Py_XDECREF(key);
    PyErr_Restore(type, value, traceback); /* whatever happened here is not the caller's */
}

/* Numbers from Python */

static int as_number(PyObject *x, PyObject *where, Py_ssize_t position, double *out)
{
    PyObject *result;
    if (PyFloat_CheckExact(x)) {
        *out = PyFloat_AS_DOUBLE(x);
        return 0;
    }
    if (PyLong_CheckExact(x)) {
        *out = PyLong_AsDouble(x);
        if (*out != -1.0 || !PyErr_Occurred())
            return 0;
        PyErr_Clear(); /* too large: row.number words the error */
    }
    if (position < 0) {
        result = PyObject_CallFunctionObjArgs(py.number, x, where, NULL);
    } else {
        PyObject *i = PyLong_FromSsize_t(position);
        if (!i)
            return -1;
        result = PyObject_CallFunctionObjArgs(py.number, x, where, i, NULL);
        Py_DECREF(i);
    }
    if (!result)
        return -1;
    *out = PyFloat_AsDouble(result);
    Py_DECREF(result);
    return *out == -1.0 && PyErr_Occurred() ? -1 : 0;
}

/* Nodes */

static void own_subclass_handle(Record *r)
{
    if (UNLIKELY(r->flags & SUBCLASS) && r->handle && !(r->flags & OWNS)) {
        Py_INCREF((PyObject *)r->handle);
        r->flags |= OWNS;
        r->count--;
    }
}

static inline void become_parent(Record *r)
{
    r->count++;
    own_subclass_handle(r);
}

static PyObject *current_mode(void) /* None for the defaults */
{
    PyObject *mode = NULL;
    return PyContextVar_Get(py.current_mode, NULL, &mode) < 0 ? NULL : mode;
}

/* The last mode that was met, taken apart: Mode objects don't change. */
static struct {
    PyObject *object, *place;
    int record, strict, lines;
} mode_met;

static int flag_in(PyObject *object, const char *name)
{
    PyObject *flag = PyObject_GetAttrString(object, name);
    int set = flag ? PyObject_IsTrue(flag) : -1;
    Py_XDECREF(flag);
    return set;
}

static int meet(PyObject *mode)
{
    PyObject *place, *old = mode_met.object, *old_place = mode_met.place;
    int record, strict, lines;
    if (mode == mode_met.object)
        return 0;
    record = flag_in(mode, "record");
    strict = flag_in(mode, "strict");
    lines = flag_in(mode, "lines");
    place = PyObject_GetAttrString(mode, "place");
    if (record < 0 || strict < 0 || lines < 0 || !place) {
        Py_XDECREF(place);
        return -1;
    }
    mode_met.object = Py_NewRef(mode);
    mode_met.place = place;
    mode_met.record = record;
    mode_met.strict = strict;
    mode_met.lines = lines;
    Py_XDECREF(old);
    Py_XDECREF(old_place);
    return 0;
}

/* What the mode in force asks for, done to a finished node; steals `node`. */
static PyObject *in_mode(PyObject *node)
{
    PyObject *mode = current_mode(), *result = NULL;
    if (mode == Py_None) {
        Py_DECREF(mode);
        return node;
    }
    if (!mode || meet(mode) < 0) {
        result = NULL;
    } else if (mode_met.strict || mode_met.lines) {
        result = PyObject_CallFunctionObjArgs(py.record_in_mode, mode, node, NULL);
    } else if (!mode_met.record) {
        result = leaf_object(record_of(node)->data, CONSTANT);
    } else if (set_place(record_of(node), mode_met.place) == 0) {
        result = Py_NewRef(node);
    }
    Py_XDECREF(mode);
    Py_DECREF(node);
    return result;
}

static INLINED PyObject *bare1(unsigned op, Record *x, double y)
{
    Record *r;
    Handle *h = handle_new();
    if (UNLIKELY(!h))
        return NULL;
    r = operation_new();
    if (UNLIKELY(!r)) {
        handle_free(h);
        return NULL;
    }
    r->data = y;
    r->of.parent[0] = index_of(x);
    r->of.parent[1] = 0;
    r->handle = h;
    r->count = 1;
    r->op = (uint16_t)op;
    r->flags = (x->flags & INHERITED) | rows[op].own_flags;
    h->record = r;
    become_parent(x);
    return (PyObject *)h;
}

static INLINED PyObject *bare2(unsigned op, Record *x, Record *z, double y)
{
    unsigned flags = x->flags | z->flags; /* read once: what follows may be the same memory */
    Record *r;
    Handle *h = handle_new();
    if (UNLIKELY(!h))
        return NULL;
    if (UNLIKELY(next_record == last_record) && tape_turn() < 0) {
        handle_free(h);
        return NULL;
    }
    r = next_record++;
    r->data = y;
    r->of.parent[0] = index_of(x);
    r->of.parent[1] = index_of(z);
    r->handle = h;
    r->count = 1;
    r->op = (uint16_t)op;
    r->flags = (uint16_t)((flags & INHERITED) | rows[op].own_flags);
    h->record = r;
    x->count++;
    z->count++;
    if (UNLIKELY(flags & SUBCLASS)) {
        own_subclass_handle(x);
        own_subclass_handle(z);
    }
    return (PyObject *)h;
}

/* Room for an n-ary node's numbers, made when the node is, so that
   a traversal never asks for memory. */
static double *room;
static size_t room_size;

static int make_room(size_t n)
{
    double *grown;
    if (n <= room_size)
        return 0;
    grown = realloc(room, n * sizeof *room);
    if (!grown) {
        PyErr_NoMemory();
        return -1;
    }
    room = grown;
    room_size = n;
    return 0;
}

/* A node on any number of arguments; takes over args, whose indices are counted already. */
static PyObject *bare_many(unsigned op, Args *args, int inherited, double y)
{
    Record *r;
    Handle *h;
    if (make_room(2 * (size_t)args->n) < 0 || !(h = handle_new()))
        return NULL;
    r = operation_new();
    if (!r) {
        handle_free(h);
        return NULL;
    }
    r->data = y;
    r->of.args = args;
    r->handle = h;
    r->count = 1;
    r->op = (uint16_t)op;
    r->flags = (uint16_t)(MANY | inherited | rows[op].own_flags);
    h->record = r;
    return (PyObject *)h;
}

/* The same, and what the mode in force asks for. */

static INLINED PyObject *node1(unsigned op, Record *x, double y)
{
    PyObject *node = bare1(op, x, y);
    return LIKELY(!*modes_used) || !node ? node : in_mode(node);
}

static INLINED PyObject *node2(unsigned op, Record *x, Record *z, double y)
{
    PyObject *node = bare2(op, x, z, y);
    return LIKELY(!*modes_used) || !node ? node : in_mode(node);
}

static PyObject *node_many(unsigned op, Args *args, int inherited, double y)
{
    PyObject *node = bare_many(op, args, inherited, y);
    return LIKELY(!*modes_used) || !node ? node : in_mode(node);
}

/* Operators */

typedef double (*Binary)(double, double);
typedef double (*Unary)(double);

/* The other side of an operator as a plain number: 1; 0 for NotImplemented; -1 for an error. */
static int plain_operand(PyObject *o, unsigned op, const char *reflected, double *out)
{
    PyObject *result;
    if (PyFloat_CheckExact(o)) {
        *out = PyFloat_AS_DOUBLE(o);
        return 1;
    }
    if (PyLong_CheckExact(o)) {
        *out = PyLong_AsDouble(o);
        if (*out != -1.0 || !PyErr_Occurred())
            return 1;
        PyErr_Clear();
    }
    result = PyObject_CallFunction(py.operand, "Oss", o, rows[op].name, reflected);
    if (!result)
        return -1;
    if (result == Py_NotImplemented) {
        Py_DECREF(result);
        return 0;
    }
    *out = PyFloat_AsDouble(result);
    Py_DECREF(result);
    return *out == -1.0 && PyErr_Occurred() ? -1 : 1;
}

static inline int is_zero(PyObject *integer)
{
    int overflow;
    return PyLong_AsLongAndOverflow(integer, &overflow) == 0 && !overflow;
}

/* A setting of the mode in force; -1 for an error. */
static int flag_of_mode(const char *name, int otherwise)
{
    PyObject *mode;
    int set = otherwise;
    if (!*modes_used)
        return otherwise;
    mode = current_mode();
    if (!mode)
        return -1;
    if (mode != Py_None)
        set = flag_in(mode, name);
    Py_DECREF(mode);
    return set;
}

static PyObject *with_number(PyObject *a, PyObject *b, unsigned op, Binary value,
                             const char *name, const char *reflected)
{
    int left = Py_TYPE(a) == ValueType, right = Py_TYPE(b) == ValueType, known;
    Record *x, *z;
    double number;
    PyObject *result;
    if (op == OP_ADD && PyLong_CheckExact(a) && is_zero(a) && (right || is_value(b))) {
        /* sum() starts with 0: it would put a constant in every graph */
        int records = flag_of_mode("record", 1);
        if (records)
            return records < 0 ? NULL : Py_NewRef(b);
    }
    if (left == right || !PyFloat_CheckExact(left ? b : a)) {
        left = left || is_value(a);
        right = right || is_value(b);
        if (left && right) {
            x = record_of(a);
            z = record_of(b);
            return node2(op, x, z, value(x->data, z->data));
        }
    }
    known = plain_operand(left ? b : a, op, left ? reflected : name, &number);
    if (known < 0)
        return NULL;
    if (!known)
        Py_RETURN_NOTIMPLEMENTED;
    x = left ? record_of(a) : leaf_new(number, CONSTANT);
    z = left ? leaf_new(number, CONSTANT) : record_of(b);
    if (!x || !z)
        return NULL;
    result = bare2(op, x, z, value(x->data, z->data));
    if (!result) {
        bury(left ? z : x);
        return NULL;
    }
    /* From here on the node holds its constant: if in_mode fails, both go together. */
    return LIKELY(!*modes_used) ? result : in_mode(result);
}

#define OPERATOR(slot, OP, value, name, reflected)                                   \
    static PyObject *slot(PyObject *a, PyObject *b)                                  \
    {                                                                                \
        if (LIKELY(Py_TYPE(a) == ValueType && Py_TYPE(b) == ValueType)) {          \
            Record *x = record_of(a), *z = record_of(b);                             \
            return node2(OP, x, z, value(x->data, z->data));                         \
        }                                                                            \
        return with_number(a, b, OP, value, name, reflected);                        \
    }

OPERATOR(value_nb_add, OP_ADD, value_add, "__add__", "__radd__")
OPERATOR(value_nb_subtract, OP_SUBTRACT, value_subtract, "__sub__", "__rsub__")
OPERATOR(value_nb_multiply, OP_MULTIPLY, value_multiply, "__mul__", "__rmul__")
OPERATOR(value_nb_divide, OP_DIVIDE, value_divide, "__truediv__", "__rtruediv__")
OPERATOR(value_nb_floor_divide, OP_FLOOR_DIVIDE, value_floor_divide, "__floordiv__",
         "__rfloordiv__")
OPERATOR(value_nb_remainder, OP_REMAINDER, value_remainder, "__mod__", "__rmod__")
OPERATOR(value_nb_pow, OP_POW, value_pow, "__pow__", "__rpow__")

static PyObject *value_nb_power(PyObject *a, PyObject *b, PyObject *modulus)
{
    if (modulus != Py_None)
        Py_RETURN_NOTIMPLEMENTED;
    return value_nb_pow(a, b);
}

static PyObject *value_nb_divmod(PyObject *a, PyObject *b)
{
    PyObject *quotient = value_nb_floor_divide(a, b), *rest, *pair;
    if (!quotient || quotient == Py_NotImplemented)
        return quotient;
    rest = value_nb_remainder(a, b);
    if (!rest) {
        Py_DECREF(quotient);
        return NULL;
    }
    pair = PyTuple_Pack(2, quotient, rest);
    Py_DECREF(quotient);
    Py_DECREF(rest);
    return pair;
}

#define METHOD_OF_ONE(name, OP)                                                      \
    static PyObject *value_method_##name(PyObject *self, PyObject *Py_UNUSED(none))  \
    {                                                                                \
        Record *x = record_of(self);                                                 \
        return node1(OP, x, value_##name(x->data));                                  \
    }

METHOD_OF_ONE(exp, OP_EXP)
METHOD_OF_ONE(exp2, OP_EXP2)
METHOD_OF_ONE(expm1, OP_EXPM1)
METHOD_OF_ONE(log, OP_LOG)
METHOD_OF_ONE(log2, OP_LOG2)
METHOD_OF_ONE(log10, OP_LOG10)
METHOD_OF_ONE(log1p, OP_LOG1P)
METHOD_OF_ONE(sqrt, OP_SQRT)
METHOD_OF_ONE(cbrt, OP_CBRT)
METHOD_OF_ONE(square, OP_SQUARE)
METHOD_OF_ONE(reciprocal, OP_RECIPROCAL)
METHOD_OF_ONE(sin, OP_SIN)
METHOD_OF_ONE(cos, OP_COS)
METHOD_OF_ONE(tan, OP_TAN)
METHOD_OF_ONE(asin, OP_ASIN)
METHOD_OF_ONE(acos, OP_ACOS)
METHOD_OF_ONE(atan, OP_ATAN)
METHOD_OF_ONE(sinh, OP_SINH)
METHOD_OF_ONE(cosh, OP_COSH)
METHOD_OF_ONE(tanh, OP_TANH)
METHOD_OF_ONE(asinh, OP_ASINH)
METHOD_OF_ONE(acosh, OP_ACOSH)
METHOD_OF_ONE(atanh, OP_ATANH)
METHOD_OF_ONE(abs, OP_ABS)
METHOD_OF_ONE(sign, OP_SIGN)
METHOD_OF_ONE(floor, OP_FLOOR)
METHOD_OF_ONE(ceil, OP_CEIL)
METHOD_OF_ONE(trunc, OP_TRUNC)
METHOD_OF_ONE(sigmoid, OP_SIGMOID)
METHOD_OF_ONE(logsigmoid, OP_LOGSIGMOID)
METHOD_OF_ONE(softplus, OP_SOFTPLUS)
METHOD_OF_ONE(softsign, OP_SOFTSIGN)
METHOD_OF_ONE(relu, OP_RELU)
METHOD_OF_ONE(selu, OP_SELU)
METHOD_OF_ONE(silu, OP_SILU)
METHOD_OF_ONE(mish, OP_MISH)
METHOD_OF_ONE(gelu, OP_GELU)
METHOD_OF_ONE(erf, OP_ERF)
METHOD_OF_ONE(erfc, OP_ERFC)

static PyObject *apply(PyObject *primitive, PyObject *const *items, Py_ssize_t n);

#define METHOD_IN_PYTHON(name, OP)                                                   \
    static PyObject *value_method_##name(PyObject *self, PyObject *Py_UNUSED(none))  \
    {                                                                                \
        return apply(py.primitive[OP], &self, 1);                                    \
    }

METHOD_IN_PYTHON(lgamma, OP_LGAMMA)
METHOD_IN_PYTHON(digamma, OP_DIGAMMA)

static PyObject *value_method_rint(PyObject *self, PyObject *Py_UNUSED(none))
{
    Record *x = record_of(self);
    return node1(OP_ROUND, x, value_round(x->data));
}

static PyObject *value_nb_negative(PyObject *self)
{
    return node1(OP_NEGATIVE, record_of(self), -record_of(self)->data);
}

static PyObject *value_nb_positive(PyObject *self)
{
    return node1(OP_POSITIVE, record_of(self), record_of(self)->data);
}

static PyObject *value_nb_absolute(PyObject *self)
{
    return node1(OP_ABS, record_of(self), value_abs(record_of(self)->data));
}

static int value_nb_bool(PyObject *self)
{
    return record_of(self)->data != 0.0;
}

static PyObject *value_leaves_the_graph(PyObject *self)
{
    return PyObject_CallOneArg(py.refuse_python_float, self);
}

static PyObject *value_complex(PyObject *self, PyObject *Py_UNUSED(none))
{
    return value_leaves_the_graph(self);
}

/* Wrong arguments for what value.py calls `name`: the error has the pure engine's words. */
static PyObject *refuse_arguments(const char *name, PyObject *self, PyObject *const *args,
                                  Py_ssize_t n, PyObject *names)
{
    Py_ssize_t i, first = self ? 1 : 0, named = names ? PyTuple_GET_SIZE(names) : 0;
    PyObject *all = PyTuple_New(first + n), *options = PyDict_New();
    int failed = !all || !options;
    if (!failed && self)
        PyTuple_SET_ITEM(all, 0, Py_NewRef(self));
    for (i = 0; i < n && !failed; i++)
        PyTuple_SET_ITEM(all, first + i, Py_NewRef(args[i]));
    for (i = 0; i < named && !failed; i++)
        failed = PyDict_SetItem(options, PyTuple_GET_ITEM(names, i), args[n + i]) < 0;
    if (!failed)
        Py_XDECREF(PyObject_CallFunction(py.refuse_arguments, "sOO", name, all, options));
    Py_XDECREF(all);
    Py_XDECREF(options);
    return NULL;
}

static PyObject *value_rounded(PyObject *self, PyObject *const *args, Py_ssize_t count,
                               PyObject *names)
{
    Record *x = record_of(self);
    Py_ssize_t named = names ? PyTuple_GET_SIZE(names) : 0;
    if (count + named > 1 ||
        (named && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "digits")))
        return refuse_arguments("Value.__round__", self, args, count, names);
    count += named;
    if (count == 0 || args[0] == Py_None)
        return node1(OP_ROUND, x, value_round(x->data));
    return PyObject_CallFunctionObjArgs(py.rounded_to, self, args[0], NULL);
}

/* Comparing: by value, as numbers */

static PyObject *value_compare(PyObject *a, PyObject *b, int how)
{
    double x = record_of(a)->data, z;
    PyObject *number, *other, *result;
    if (Py_TYPE(b) == ValueType || is_value(b)) {
        z = record_of(b)->data;
    } else if (PyFloat_CheckExact(b)) {
        z = PyFloat_AS_DOUBLE(b);
    } else {
        number = PyFloat_FromDouble(x);
        other = PyObject_CallOneArg(py.comparable, b);
        result = number && other ? PyObject_RichCompare(number, other, how) : NULL;
        Py_XDECREF(number);
        Py_XDECREF(other);
        return result;
    }
    Py_RETURN_RICHCOMPARE(x, z, how);
}

/* Any row on any arguments, of which at least one is a Value */

static int nary_value(unsigned op, const double *xs, size_t n, double *y); /* nary.h */

static int value_from_python(PyObject *primitive, const double *xs, size_t n, double *y)
{
    PyObject *value = PyObject_GetAttrString(primitive, "value"), *args, *result = NULL;
    size_t i;
    if (!value)
        return -1;
    args = PyTuple_New((Py_ssize_t)n);
    for (i = 0; args && i < n; i++) {
        PyObject *x = PyFloat_FromDouble(xs[i]);
        if (!x)
            Py_CLEAR(args);
        else
            PyTuple_SET_ITEM(args, i, x);
    }
    if (args)
        result = PyObject_Call(value, args, NULL);
    Py_XDECREF(args);
    Py_DECREF(value);
    if (!result)
        return -1;
    *y = PyFloat_AsDouble(result);
    Py_DECREF(result);
    return *y == -1.0 && PyErr_Occurred() ? -1 : 0;
}

static int op_of(PyObject *primitive)
{
    PyObject *found = PyDict_GetItemWithError(py.op_of, primitive);
    if (found)
        return (int)PyLong_AsLong(found);
    return PyErr_Occurred() ? -1 : OP_LEAF; /* a row made later: only Python knows it */
}

static int compute(unsigned op, PyObject *primitive, const double *xs, size_t n, double *y)
{
    if (op == OP_LEAF || rows[op].traits & VALUE_IN_PYTHON)
        return value_from_python(primitive, xs, n, y);
    if (rows[op].traits & NARY)
        return nary_value(op, xs, n, y);
    *y = row_value(op, xs);
    return 0;
}

#define FEW 64

static PyObject *apply(PyObject *primitive, PyObject *const *items, Py_ssize_t n)
{
    double few[FEW], *xs = few, y;
    int op = op_of(primitive), inherited = 0, numbers = 0, failed = 0;
    Py_ssize_t i;
    PyObject *result = NULL;
    if (op < 0)
        return NULL;
    if (n > FEW && !(xs = PyMem_Malloc((size_t)n * sizeof *xs)))
        return PyErr_NoMemory();
    for (i = 0; i < n; i++) {
        if (is_value(items[i])) {
            Record *p = record_of(items[i]);
            xs[i] = p->data;
            inherited |= p->flags;
        } else {
            numbers = 1;
            if ((failed = as_number(items[i], primitive, i, &xs[i]) < 0))
                break;
        }
    }
    if (!failed && compute((unsigned)op, primitive, xs, (size_t)n, &y) == 0) {
        if (op != OP_LEAF && !(rows[op].traits & NARY) && n <= 2 && n == rows[op].arity) {
            Record *r[2] = {NULL, NULL};
            for (i = 0; i < n; i++) {
                r[i] = is_value(items[i]) ? record_of(items[i]) : leaf_new(xs[i], CONSTANT);
                if (!r[i])
                    failed = 1;
            }
            if (!failed)
                result = n == 1 ? node1((unsigned)op, r[0], y) : node2((unsigned)op, r[0], r[1], y);
        } else {
            Args *args = args_new((size_t)n, numbers);
            if (args) {
                Index *indices = args_indices(args);
                for (i = 0; i < n; i++) {
                    int known = is_value(items[i]);
                    indices[i] = known ? index_of(record_of(items[i])) : 0;
                    if (known)
                        become_parent(record_of(items[i]));
                }
                if (numbers)
                    memcpy(args_numbers(args), xs, (size_t)n * sizeof *xs);
                if (op == OP_LEAF || !(rows[op].traits & NARY))
                    args->primitive = op == OP_LEAF ? Py_NewRef(primitive) : NULL;
                result = node_many(op == OP_LEAF ? OP_CUSTOM : (unsigned)op, args,
                                   inherited & INHERITED, y);
            }
        }
    }
    if (xs != few)
        PyMem_Free(xs);
    return result;
}

/* Parents */

static Record *parent_record(Record *r, uint32_t i) /* a number becomes a leaf here */
{
    Index *at;
    Record *leaf;
    if (!(r->flags & MANY))
        return record_at(r->of.parent[i]);
    at = &args_indices(r->of.args)[i];
    if (*at)
        return record_at(*at);
    leaf = leaf_new(args_numbers(r->of.args)[i], CONSTANT);
    if (!leaf)
        return NULL;
    /* As old as the node: it was met just before. */
    leaf->of.made = born(r);
    leaf->count = 1;
    *at = index_of(leaf);
    return leaf;
}

static inline PyObject *primitive_of(const Record *r) /* borrowed */
{
    if (r->flags & MANY && r->of.args->primitive)
        return r->of.args->primitive;
    return py.primitive[r->op];
}

static PyObject *parents_of(Record *r)
{
    uint32_t i, n = arity_of(r);
    PyObject *parents;
    if (!n)
        return Py_NewRef(py.empty_tuple);
    parents = PyTuple_New(n);
    for (i = 0; parents && i < n; i++) {
        Record *p = parent_record(r, i);
        PyObject *object = p ? object_of(p) : NULL;
        if (!object) {
            Py_CLEAR(parents);
        } else {
            adopt(p);
            PyTuple_SET_ITEM(parents, i, object);
        }
    }
    return parents;
}
