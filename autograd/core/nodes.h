/* The reverse traversal on nodes: cotangents that become part of the graph.

What reverse.py does with `lift=itself`, node for node in the same order, so that
derivatives of any order have the same bits. A row's partial is a list of steps
(rows.h); rows that have none are asked in Python, one node at a time. Python code
may run in between, so what a pass knows is kept apart from the tape.
*/

typedef struct {
    Record *node; /* held by a count; NULL for a plain number */
    double number;
} Slot;

static inline double slot_value(Slot s)
{
    return s.node ? s.node->data : s.number;
}

static inline void let_go(Slot s)
{
    if (!s.node || --s.node->count)
        return;
    if (!(s.node->flags & OWNS) || handle_dies_with(s.node))
        bury(s.node);
    else
        release_doomed();
}

/* Record a row on slots, of which one is a node, as apply() does; in *out, held. */
static int record_on(unsigned op, const Slot *xs, unsigned n, PyObject *place, Slot *out)
{
    double values[3], y;
    unsigned i, inherited = rows[op].own_flags;
    Record *r, *parents[3] = {NULL, NULL, NULL};
    Args *args = NULL;
    for (i = 0; i < n; i++)
        values[i] = slot_value(xs[i]);
    y = row_value(op, values);
    for (i = 0; i < n; i++) {
        if (xs[i].node) {
            parents[i] = xs[i].node;
            inherited |= xs[i].node->flags & INHERITED;
        } else if (n < 3 && !(parents[i] = leaf_new(xs[i].number, CONSTANT))) {
            return -1;
        }
    }
    if (n == 3 && (make_room(2 * n) < 0 || !(args = args_new(n, 1))))
        return -1;
    r = operation_new();
    if (!r) {
        PyMem_Free(args);
        return -1;
    }
    r->data = y;
    r->handle = NULL;
    r->count = 1;
    r->op = (uint16_t)op;
    r->flags = (uint16_t)inherited;
    if (args) {
        r->flags |= MANY;
        r->of.args = args;
        memcpy(args_numbers(args), values, sizeof values);
    } else {
        r->of.parent[1] = 0;
    }
    for (i = 0; i < n; i++) {
        Index at = parents[i] ? index_of(parents[i]) : 0;
        if (args)
            args_indices(args)[i] = at;
        else
            r->of.parent[i] = at;
        if (parents[i])
            become_parent(parents[i]);
    }
    out->node = r;
    if (place && set_place(r, place) < 0) {
        let_go(*out);
        return -1;
    }
    return 0;
}

static int combine(unsigned op, Slot a, Slot b, PyObject *place, Slot *out)
{
    Slot both[2] = {a, b};
    if (a.node || b.node)
        return record_on(op, both, 2, place, out);
    out->node = NULL;
    out->number = op == OP_ADD ? a.number + b.number : a.number * b.number;
    return 0;
}

static Slot operand_of(int reference, const Slot *xs, const Slot *steps)
{
    if (reference < 0)
        return (Slot){NULL, formula_numbers[-1 - reference]};
    return reference < 4 ? xs[reference] : steps[reference - 4];
}

/* A partial's steps on the arguments and y (xs[3]); the result held in *out. */
static int run_formula(const Formula *f, const Slot *xs, PyObject *place, Slot *out)
{
    Slot steps[MOST_STEPS];
    int done, failed = 0;
    for (done = 0; done < f->count && !failed; done++) {
        const Step *step = &f->steps[done];
        unsigned n = rows[step->op].arity, i;
        Slot on[3];
        double values[3];
        for (i = 0; i < n; i++) {
            on[i] = operand_of(step->on[i], xs, steps);
            values[i] = slot_value(on[i]);
        }
        if (step->plain)
            steps[done] = (Slot){NULL, row_value(step->op, values)};
        else
            failed = record_on(step->op, on, n, place, &steps[done]);
    }
    if (!failed) {
        *out = operand_of(f->result, xs, steps);
        if (out->node)
            out->node->count++;
    }
    done -= failed ? 1 : 0;
    while (done)
        let_go(steps[--done]);
    return failed;
}

/* Positions in an order, by node: a block of them for each segment that has some */

typedef struct {
    uint32_t *blocks;    /* by segment, from 1; 0 for none */
    uint32_t *positions; /* by block and slot, from 1; 0 for none */
    uint32_t segments;   /* that there were when it was made */
} Finder;

static int finder_make(Finder *f, const Order *order)
{
    size_t i, count = 0;
    f->segments = segment_count;
    if (!(f->blocks = calloc(segment_count, sizeof *f->blocks)))
        goto no_memory;
    for (i = 0; i < order->count; i++)
        if (!f->blocks[order->nodes[i] >> SLOT_BITS])
            f->blocks[order->nodes[i] >> SLOT_BITS] = (uint32_t)++count;
    if (!(f->positions = calloc((count << SLOT_BITS) + 1, sizeof *f->positions)))
        goto no_memory;
    for (i = 0; i < order->count; i++) {
        Index at = order->nodes[i];
        size_t block = f->blocks[at >> SLOT_BITS] - 1;
        f->positions[block << SLOT_BITS | (at & SLOT_MASK)] = (uint32_t)i + 1;
    }
    return 0;
no_memory:
    PyErr_NoMemory();
    return -1;
}

static inline Py_ssize_t finder_get(const Finder *f, Index at) /* -1 if it is not there */
{
    size_t block = at >> SLOT_BITS < f->segments ? f->blocks[at >> SLOT_BITS] : 0;
    if (!block)
        return -1;
    return (Py_ssize_t)f->positions[(block - 1) << SLOT_BITS | (at & SLOT_MASK)] - 1;
}

typedef struct {
    Order order;
    Finder finder;
    uint8_t *needed, *reached;
    Slot *sums;
    PyObject *place; /* of what is recorded; NULL for none */
} Pass;

static void pass_free(Pass *pass)
{
    size_t i;
    for (i = 0; pass->sums && pass->reached && i < pass->order.count; i++)
        if (pass->reached[i])
            let_go(pass->sums[i]);
    free(pass->sums);
    free(pass->reached);
    free(pass->needed);
    free(pass->finder.blocks);
    free(pass->finder.positions);
    Py_XDECREF(pass->place);
    order_free(&pass->order);
}

static int pass_add(Pass *pass, size_t at, Slot share) /* takes the share over */
{
    Slot sum;
    int failed;
    if (!pass->reached[at]) {
        pass->sums[at] = share;
        pass->reached[at] = 1;
        return 0;
    }
    failed = combine(OP_ADD, pass->sums[at], share, pass->place, &sum);
    let_go(share);
    if (failed)
        return -1;
    let_go(pass->sums[at]);
    pass->sums[at] = sum;
    return 0;
}

static int pass_send(Pass *pass, size_t from, size_t to, Slot partial) /* takes it over */
{
    Slot share;
    int failed = combine(OP_MULTIPLY, partial, pass->sums[from], pass->place, &share);
    let_go(partial);
    return failed ? -1 : pass_add(pass, to, share);
}

static int slot_from(PyObject *x, Slot *out)
{
    if (is_value(x)) {
        out->node = record_of(x);
        out->node->count++;
        return 0;
    }
    out->node = NULL;
    out->number = PyFloat_AsDouble(x);
    return out->number == -1.0 && PyErr_Occurred() ? -1 : 0;
}

static PyObject *object_from(Slot s) /* keeps the slot */
{
    return s.node ? object_of(s.node) : PyFloat_FromDouble(s.number);
}

/* Ask primitive.local: on return partials[i] for the i with known[i]. */
static int ask_python(Record *r, const uint8_t *wanted, Slot *partials, uint8_t *known)
{
    PyObject *xs = parents_of(r), *y = object_of(r), *pairs = NULL, *list = PyList_New(0);
    uint32_t i, n = arity_of(r);
    Py_ssize_t k;
    int failed = !xs || !y || !list;
    for (i = 0; i < n && !failed; i++) {
        PyObject *number = wanted[i] ? PyLong_FromUnsignedLong(i) : NULL;
        failed = wanted[i] && (!number || PyList_Append(list, number) < 0);
        Py_XDECREF(number);
    }
    if (!failed)
        pairs = PyObject_CallMethod(primitive_of(r), "local", "OOO", xs, y, list);
    failed = !pairs;
    for (k = 0; pairs && !failed && k < PyList_GET_SIZE(pairs); k++) {
        PyObject *pair = PyList_GET_ITEM(pairs, k);
        i = (uint32_t)PyLong_AsUnsignedLong(PyTuple_GET_ITEM(pair, 0));
        failed = slot_from(PyTuple_GET_ITEM(pair, 1), &partials[i]) < 0;
        known[i] = !failed;
    }
    Py_XDECREF(xs);
    Py_XDECREF(y);
    Py_XDECREF(list);
    Py_XDECREF(pairs);
    return failed ? -1 : 0;
}

/* The partials of r by the parents that are wanted, each held. */
static int partials_of(Pass *pass, Record *r, const uint8_t *wanted, Slot *partials,
                       uint8_t *known)
{
    const Row *row = &rows[r->op];
    uint32_t i, n = arity_of(r);
    Slot xs[4];
    double y = r->data;
    if (row->traits & NARY) {
        for (i = 0; i < n; i++) {
            Record *other = NULL;
            if (!wanted[i])
                continue;
            partials[i] = (Slot){NULL, 1.0};
            if (r->op != OP_SUM && r->op != OP_MEAN && r->op != OP_DOT)
                return ask_python(r, wanted, partials, known);
            if (y != y)
                partials[i].number = NAN;
            else if (r->op == OP_MEAN)
                partials[i].number = 1.0 / (double)n;
            else if (r->op == OP_DOT && i < n / 2 * 2) {
                if (!(other = parent_record(r, i < n / 2 ? i + n / 2 : i - n / 2)))
                    return -1;
                other->count++;
                partials[i].node = other;
            }
            known[i] = 1;
        }
        return 0;
    }
    for (i = 0; i < n; i++)
        if (wanted[i] && row->partials >> i & 1 && !formulas[r->op][i].known)
            return ask_python(r, wanted, partials, known);
    for (i = 0; i < n; i++) {
        Record *p = parent_record(r, i);
        if (!p)
            return -1;
        xs[i] = (Slot){p, 0.0};
    }
    xs[3] = (Slot){r, 0.0};
    for (i = 0; i < n; i++) {
        if (!wanted[i] || !(row->partials >> i & 1))
            continue;
        if (y != y && !(row->traits & SELECTS))
            partials[i] = (Slot){NULL, NAN};
        else if (run_formula(&formulas[r->op][i], xs, pass->place, &partials[i]) < 0)
            return -1;
        known[i] = 1;
        if (row->traits & SELECTS && slot_value(partials[i]) == 0.0) {
            let_go(partials[i]);
            known[i] = 0;
        } else if (row->traits & SELECTS && y != y) {
            let_go(partials[i]);
            partials[i] = (Slot){NULL, NAN};
        }
    }
    return 0;
}

static int pass_visit(Pass *pass, size_t at)
{
    Record *r = record_at(pass->order.nodes[at]);
    uint32_t i, n = arity_of(r);
    Slot few[FEW], *partials = few;
    uint8_t few_marks[2 * FEW], *wanted = few_marks, *known;
    Py_ssize_t few_places[FEW], *places = few_places;
    int failed = 0, any = 0, plain = rows[r->op].traits & PLAIN && r->data == r->data;
    void *memory = NULL;
    if (n > FEW) {
        memory = malloc(n * (sizeof *partials + sizeof *places + 2));
        if (!memory) {
            PyErr_NoMemory();
            return -1;
        }
        partials = memory;
        places = (Py_ssize_t *)(partials + n);
        wanted = (uint8_t *)(places + n);
    }
    known = wanted + n;
    memset(known, 0, n);
    for (i = 0; i < n; i++) {
        Index p = r->flags & MANY ? args_indices(r->of.args)[i] : r->of.parent[i];
        places[i] = p ? finder_get(&pass->finder, p) : -1;
        any |= wanted[i] = places[i] >= 0 && pass->needed[places[i]];
    }
    if (any && plain && n <= 3) {
        /* Each share right after its partial; other rows compute all partials first. */
        for (i = 0; i < n && !failed; i++) {
            uint8_t one[3] = {0, 0, 0};
            one[i] = wanted[i];
            if (!wanted[i])
                continue;
            failed = partials_of(pass, r, one, partials, known) < 0;
            if (!failed && known[i]) {
                known[i] = 0;
                failed = pass_send(pass, at, (size_t)places[i], partials[i]) < 0;
            }
        }
    } else if (any) {
        failed = partials_of(pass, r, wanted, partials, known) < 0;
        for (i = 0; i < n && !failed; i++)
            if (known[i]) {
                known[i] = 0;
                failed = pass_send(pass, at, (size_t)places[i], partials[i]) < 0;
            }
    }
    for (i = 0; i < n; i++)
        if (known[i])
            let_go(partials[i]);
    free(memory);
    return failed ? -1 : 0;
}

static void pass_need(Pass *pass) /* from what is wanted up to the outputs */
{
    size_t i;
    for (i = pass->order.count; i-- > 0;) {
        const Record *r = record_at(pass->order.nodes[i]);
        const Index *parents = r->flags & MANY ? args_indices(r->of.args) : r->of.parent;
        uint32_t k, n = segment_of(r)->leaves ? 0 : arity_of(r);
        for (k = 0; k < n && !pass->needed[i]; k++) {
            Py_ssize_t p = parents[k] ? finder_get(&pass->finder, parents[k]) : -1;
            pass->needed[i] = p >= 0 && pass->needed[p];
        }
    }
}

/* After collecting: everything but the seeds. */
static int pass_start(Pass *pass, const Index *wrt, Py_ssize_t wrt_count)
{
    size_t i, n = pass->order.count;
    pass->needed = calloc(n + 1, 1);
    pass->reached = calloc(n + 1, 1);
    pass->sums = malloc((n + 1) * sizeof *pass->sums);
    if (!pass->needed || !pass->reached || !pass->sums) {
        PyErr_NoMemory();
        return -1;
    }
    if (finder_make(&pass->finder, &pass->order) < 0)
        return -1;
    if (wrt) {
        Py_ssize_t k, at;
        for (k = 0; k < wrt_count; k++)
            if ((at = finder_get(&pass->finder, wrt[k])) >= 0)
                pass->needed[at] = 1;
    } else {
        for (i = 0; i < n; i++) {
            const Record *r = record_at(pass->order.nodes[i]);
            pass->needed[i] = segment_of(r)->leaves && !(r->flags & CONSTANT);
        }
    }
    pass_need(pass);
    return 0;
}

static int pass_run(Pass *pass)
{
    size_t i;
    for (i = 0; i < pass->order.count; i++) {
        if (segment_of(record_at(pass->order.nodes[i]))->leaves)
            break;
        if (pass->reached[i] && pass_visit(pass, i) < 0)
            return -1;
    }
    return 0;
}

/* The sums by the nodes of wrt (on paths from them), as nodes or numbers; a dict by
   node if `listed` is 0, else a list beside wrt. */
static PyObject *pass_results(const Pass *pass, const Index *wrt, Py_ssize_t count, int listed)
{
    PyObject *results = listed ? PyList_New(count) : PyDict_New();
    Py_ssize_t i, at;
    size_t k;
    for (i = 0; results && listed && i < count; i++) {
        Slot sum = {NULL, 0.0};
        PyObject *object;
        if ((at = finder_get(&pass->finder, wrt[i])) >= 0 && pass->reached[at])
            sum = pass->sums[at];
        if (!(object = object_from(sum)))
            Py_CLEAR(results);
        else
            PyList_SET_ITEM(results, i, object);
    }
    for (k = 0; results && !listed && k < pass->order.count; k++) {
        PyObject *node, *sum;
        if (!pass->reached[k])
            continue;
        node = object_of(record_at(pass->order.nodes[k]));
        sum = object_from(pass->sums[k]);
        if (!node || !sum || PyDict_SetItem(results, node, sum) < 0)
            Py_CLEAR(results);
        Py_XDECREF(node);
        Py_XDECREF(sum);
    }
    return results;
}

/* cotangents(seeds, wrt, lift=itself); None if only Python can do it here. */
static PyObject *cotangents_as_nodes(PyObject *seeds, const Index *roots, Py_ssize_t root_count,
                                     const Index *wrt, Py_ssize_t wrt_count, int listed,
                                     uint64_t since)
{
    Pass pass;
    Py_ssize_t i, at;
    PyObject *result = NULL;
    memset(&pass, 0, sizeof pass);
    if (*modes_used) {
        PyObject *mode = current_mode();
        int strange = !mode || (mode != Py_None && meet(mode) < 0) ? -1
                      : mode == Py_None ? 0
                                        : mode_met.strict || mode_met.lines || !mode_met.record;
        if (strange == 0 && mode != Py_None && mode_met.place != Py_None)
            pass.place = Py_NewRef(mode_met.place);
        Py_XDECREF(mode);
        if (strange < 0)
            return NULL;
        if (strange)
            Py_RETURN_NONE;
    }
    if (collect_below(&pass.order, roots, (size_t)root_count, since) < 0)
        goto done;
    if (pass.order.changed) {
        refuse_changed(&pass.order);
        goto done;
    }
    if (pass_start(&pass, wrt, wrt_count) < 0)
        goto done;
    for (i = 0; i < root_count; i++) {
        Slot seed = {NULL, 0.0};
        at = finder_get(&pass.finder, roots[i]);
        if (!pass.needed[at])
            continue;
        if (slot_from(PyList_GET_ITEM(seeds, i), &seed) < 0 || pass_add(&pass, (size_t)at, seed) < 0)
            goto done;
    }
    if (pass_run(&pass) == 0)
        result = pass_results(&pass, wrt, wrt_count, listed);
done:
    pass_free(&pass);
    return result;
}
