/* The reverse traversal on floats.

Nodes are visited from the last made to the first: those found and not yet visited
are marked in their segments, and the segments wait in a heap by age. So the work
is in proportion to the graph below the outputs, whatever else is alive, and the
order is the order of creation with no sorting. No Python code runs meanwhile, so
what a pass notes in the segments is seen by nobody else.
*/

typedef struct {
    Index *nodes; /* children before parents, leaves last */
    size_t count, capacity;
    Record *changed, *user; /* a leaf that was assigned after `user` had used it */
} Order;

static Index *spare_nodes; /* the last order's memory, for the next */
static size_t spare_capacity;
#define MOST_SPARE ((size_t)1 << 20)

static void order_free(Order *order)
{
    if (order->capacity <= MOST_SPARE && order->capacity > spare_capacity) {
        free(spare_nodes);
        spare_nodes = order->nodes;
        spare_capacity = order->capacity;
    } else {
        free(order->nodes);
    }
    order->nodes = NULL;
}

/* The heap of segments that have pending records: the youngest on top. */

static Segment **heap;
static size_t heap_count, heap_capacity;

static inline void heap_push(Segment *s)
{
    size_t i = heap_count++;
    s->queued = 1;
    while (i && heap[(i - 1) / 2]->first < s->first) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = s;
}

static void heap_pop(void)
{
    Segment *last = heap[--heap_count];
    size_t i = 0, child;
    heap[0]->queued = 0;
    while ((child = 2 * i + 1) < heap_count) {
        if (child + 1 < heap_count && heap[child + 1]->first > heap[child]->first)
            child++;
        if (heap[child]->first <= last->first)
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
}

static inline void found(Record *r)
{
    Segment *s = segment_of(r);
    s->found[slot_of(r)] |= FOUND;
    if (UNLIKELY(!s->queued))
        heap_push(s);
}

/* The next found slot of a segment, going down from `slot`; -1 if there is none. */
static inline int next_found(const Segment *s, int slot)
{
    for (; slot >= 0; slot--) {
        if (s->found[slot])
            return slot;
        while (slot >= 8) { /* eight at a time where few are found */
            uint64_t eight;
            memcpy(&eight, &s->found[slot - 8], sizeof eight);
            if (eight)
                break;
            slot -= 8;
        }
    }
    return -1;
}

static int order_grow(Order *order)
{
    size_t capacity = order->capacity ? 2 * order->capacity : 1024;
    Index *grown = realloc(order->nodes, capacity * sizeof *grown);
    if (!grown) {
        PyErr_NoMemory();
        return -1;
    }
    order->nodes = grown;
    order->capacity = capacity;
    return 0;
}

static void forget_found(void)
{
    while (heap_count) {
        memset(heap[0]->found, 0, sizeof heap[0]->found);
        heap_pop();
    }
}

static int heap_reserve(void) /* so that pushing can't fail */
{
    Segment **grown;
    if (heap_capacity >= segment_count)
        return 0;
    grown = realloc(heap, segment_capacity * sizeof *heap);
    if (!grown) {
        PyErr_NoMemory();
        return -1;
    }
    heap = grown;
    heap_capacity = segment_capacity;
    return 0;
}

static inline void found_parents(const Record *r)
{
    if (LIKELY(!(r->flags & MANY))) {
        found(record_at(r->of.parent[0]));
        if (r->of.parent[1])
            found(record_at(r->of.parent[1]));
    } else {
        const Index *parents = args_indices(r->of.args);
        uint32_t k, n = r->of.args->n;
        for (k = 0; k < n; k++)
            if (parents[k])
                found(record_at(parents[k]));
    }
}

static const Record *assigned_parent(Record *r) /* since r had used it; else NULL */
{
    uint64_t when = recorded(r);
    uint32_t k, n = arity_of(r);
    const Index *parents = r->flags & MANY ? args_indices(r->of.args) : r->of.parent;
    for (k = 0; k < n; k++) {
        const Record *p = parents[k] ? record_at(parents[k]) : NULL;
        if (p && segment_of(p)->leaves && p->of.made > when)
            return p;
    }
    return NULL;
}

/* Everything below what has been found, but not below operations recorded before
   `since` on the tape's clock; -1 with an exception if memory ran out. */
static int collect(Order *order, uint64_t since)
{
    memset(order, 0, sizeof *order);
    order->nodes = spare_nodes;
    order->capacity = spare_capacity;
    spare_nodes = NULL;
    spare_capacity = 0;
    while (heap_count) {
        Segment *s = heap[0];
        int slot = SLOTS;
        while ((slot = next_found(s, slot - 1)) >= 0) {
            Record *r = &s->records[slot];
            const Record *p;
            r->flags |= s->found[slot] & FOUND_SENT ? SENT : 0;
            s->found[slot] = 0;
            if (UNLIKELY(order->count == order->capacity) && order_grow(order) < 0) {
                forget_found();
                return -1;
            }
            order->nodes[order->count++] = s->base | (Index)slot;
            if (s->leaves)
                continue;
            if (LIKELY(s->first + (unsigned)slot >= since))
                found_parents(r);
            if (UNLIKELY(s->first + (unsigned)slot < last_void) && (p = assigned_parent(r))) {
                order->changed = (Record *)p;
                order->user = r;
            }
        }
        heap_pop();
    }
    return 0;
}

static int collect_below(Order *order, const Index *roots, size_t count, uint64_t since)
{
    size_t i;
    memset(order, 0, sizeof *order);
    if (heap_reserve() < 0)
        return -1;
    for (i = 0; i < count; i++)
        found(record_at(roots[i]));
    return collect(order, since);
}

static int refuse_changed(const Order *order)
{
    PyObject *leaf = object_of(order->changed), *user = object_of(order->user), *error = NULL;
    if (leaf && user)
        error = PyObject_CallFunctionObjArgs(py.changed, leaf, user, NULL);
    if (error)
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
    Py_XDECREF(error);
    Py_XDECREF(leaf);
    Py_XDECREF(user);
    return -1;
}

/* Sending */

/* How a pass goes: to whatever varies, or only to what is marked; and whether the
   gradients it overwrites are noted, because it may yet have to be taken back. */
enum { ALL, ALL_NOTED, ONLY_MARKED };

typedef struct {
    Index at;
    double grad;
} Former;

static Former *formers;
static size_t former_count, former_capacity;

static void note_former(Record *r)
{
    if (segment_of(r)->leaves)
        return; /* a leaf keeps its gradient until the pass is through */
    if (former_count == former_capacity) {
        size_t capacity = former_capacity ? 2 * former_capacity : 256;
        Former *grown = realloc(formers, capacity * sizeof *grown);
        if (!grown)
            return;
        formers = grown;
        former_capacity = capacity;
    }
    formers[former_count].at = index_of(r);
    formers[former_count++].grad = segment_of(r)->cotangents[slot_of(r)];
}

static inline void send(Record *p, double share, int how)
{
    Segment *s = segment_of(p);
    unsigned slot = slot_of(p);
    double *sum = &s->cotangents[slot];
    int sent = how == ALL_NOTED ? s->found[slot] & FOUND_SENT : p->flags & SENT;
    if (how == ALL_NOTED && UNLIKELY(p->flags & REACHED) && !sent)
        note_former(p);
    /* The first share is added to -0.0, which changes no bit, instead of a branch. */
    *sum = (sent ? *sum : -0.0) + share;
    if (how == ALL_NOTED)
        s->found[slot] |= FOUND_SENT;
    else
        p->flags |= SENT;
}

static inline int wanted(const Record *p, int how)
{
    return p->flags & (how == ONLY_MARKED ? MARKED : VARIES);
}

static void send_many(Record *r, double g, int how)
{
    const Args *args = r->of.args;
    const Index *parents = args_indices(args);
    size_t n = args->n, i;
    double *xs = room, *d = room + n, y = r->data;
    const Row *row = &rows[r->op];
    for (i = 0; i < n; i++)
        xs[i] = parents[i] ? record_at(parents[i])->data : args_numbers(args)[i];
    if (row->traits & NARY)
        nary_partials(r->op, xs, n, y, d);
    for (i = 0; i < n; i++) {
        Record *p;
        double partial;
        if (!parents[i])
            continue;
        p = record_at(parents[i]);
        if (!wanted(p, how))
            continue;
        if (row->traits & NARY)
            partial = d[i];
        else if (!(row->partials >> i & 1))
            continue;
        else
            partial = row_partial(r->op, (unsigned)i, xs, y);
        if (row->traits & SELECTS && partial == 0.0)
            continue;
        if (y != y)
            partial = NAN;
        send(p, partial * g, how);
    }
}

/* From r, on its parents p and q (NULL if there is one only). */
static inline void send_few(const Record *r, Record *p, Record *q, double g, int how)
{
    unsigned op = r->op;
    double y = r->data, x[2], d;
    const Row *row;
    if (LIKELY(y == y)) {
        /* The commonest rows without the switch: a jump that is hard to predict. */
        if (op == OP_MULTIPLY) {
            if (wanted(p, how))
                send(p, partial0_multiply(p->data, q->data, y) * g, how);
            if (wanted(q, how))
                send(q, partial1_multiply(p->data, q->data, y) * g, how);
            return;
        }
        if (op == OP_ADD) {
            if (wanted(p, how))
                send(p, partial0_add(p->data, q->data, y) * g, how);
            if (wanted(q, how))
                send(q, partial1_add(p->data, q->data, y) * g, how);
            return;
        }
    }
    row = &rows[op];
    x[0] = p->data;
    x[1] = q ? q->data : 0.0;
    if (wanted(p, how) && row->partials & 1) {
        d = y == y || row->traits & SELECTS ? row_partial(op, 0, x, y) : NAN;
        if (!(row->traits & SELECTS) || d != 0.0)
            send(p, (y == y ? d : NAN) * g, how);
    }
    if (q && wanted(q, how) && row->partials & 2) {
        d = y == y || row->traits & SELECTS ? row_partial(op, 1, x, y) : NAN;
        if (!(row->traits & SELECTS) || d != 0.0)
            send(q, (y == y ? d : NAN) * g, how);
    }
}

static inline void send_from(Record *r, double g, int how)
{
    if (UNLIKELY(r->flags & MANY))
        send_many(r, g, how);
    else
        send_few(r, record_at(r->of.parent[0]),
                 r->of.parent[1] ? record_at(r->of.parent[1]) : NULL, g, how);
}

static inline void arrive(Segment *s, Record *r) /* at a leaf: its share of this pass is whole */
{
    double *grad = &s->leaves->grad[slot_of(r)], sum = s->cotangents[slot_of(r)];
    *grad = r->flags & REACHED ? *grad + sum : sum;
    r->flags |= REACHED;
}

/* Whether an operation sends on, its children having sent it something or not. */
static inline int reached_now(Record *r, int sent, int how)
{
    if (LIKELY(sent)) {
        r->flags |= REACHED;
        return 1;
    }
    if (r->flags & REACHED) { /* before, and not this time */
        if (how == ALL_NOTED)
            note_former(r);
        r->flags &= (uint16_t)~REACHED;
    }
    return 0;
}

/* Take back a pass from `root` that was stopped before it visited `rest`. */
static void take_back(Index root, const Order *rest)
{
    Order order;
    size_t i;
    for (i = 0; i < rest->count; i++)
        record_at(rest->nodes[i])->flags |= MARKED;
    if (collect_below(&order, &root, 1, 0) < 0)
        PyErr_Clear(); /* no memory: interior gradients stay as the pass left them */
    for (i = 0; i < order.count; i++) {
        Record *r = record_at(order.nodes[i]);
        r->flags &= (uint16_t)~(r->flags & MARKED ? SENT | MARKED : SENT | REACHED);
    }
    for (i = 0; i < former_count; i++) {
        Record *r = record_at(formers[i].at);
        segment_of(r)->cotangents[slot_of(r)] = formers[i].grad;
        r->flags |= REACHED;
    }
    order_free(&order);
}

/* What is left of a pass below the operations that are sure to fit. */
static int finish(Index root)
{
    Order order;
    size_t i;
    if (collect(&order, 0) < 0) {
        order_free(&order);
        return -1;
    }
    if (order.changed) {
        take_back(root, &order);
        refuse_changed(&order);
        order_free(&order);
        return -1;
    }
    for (i = 0; i < order.count; i++) {
        Record *r = record_at(order.nodes[i]);
        Segment *s = segment_of(r);
        int sent = r->flags & SENT;
        r->flags &= (uint16_t)~SENT;
        if (!s->leaves) {
            if (reached_now(r, sent, ALL))
                send_from(r, s->cotangents[slot_of(r)], ALL);
        } else if (sent) {
            arrive(s, r);
        }
    }
    order_free(&order);
    return 0;
}

/* The commonest step of the first sweep: a parent is found and sent its share at once.
   What is read from memory is read once: to the compiler a write to `found` may change all. */
static inline void give(const Segment *here, Segment *s, unsigned slot, double share)
{
    Record *p = &s->records[slot];
    uint8_t was = s->found[slot];
    if (was & FOUND_SENT) {
        s->cotangents[slot] = s->cotangents[slot] + share;
        return;
    }
    if (LIKELY(p->flags & VARIES)) {
        if (UNLIKELY(p->flags & REACHED))
            note_former(p);
        s->cotangents[slot] = share;
        was = FOUND_SENT;
    }
    s->found[slot] = was | FOUND;
    if (s != here && !s->queued)
        heap_push(s);
}

static inline void give_two(const Segment *here, const Record *r, double g)
{
    Index i = r->of.parent[0], k = r->of.parent[1];
    Segment *s = segments[i >> SLOT_BITS], *t = segments[k >> SLOT_BITS];
    double left = g, right = g;
    if (r->op == OP_MULTIPLY) {
        double x = s->records[i & SLOT_MASK].data, z = t->records[k & SLOT_MASK].data;
        left = partial0_multiply(x, z, r->data) * g;
        right = partial1_multiply(x, z, r->data) * g;
    }
    give(here, s, i & SLOT_MASK, left);
    give(here, t, k & SLOT_MASK, right);
}

static int backward_on_floats(Record *root, double cotangent)
{
    Index at = index_of(root);
    if (heap_reserve() < 0)
        return -1;
    former_count = 0;
    found(root);
    send(root, cotangent, ALL_NOTED);
    /* Nodes made after the last assignment to a used leaf fit, so finding and sending
       go in one sweep. What is older is looked at first, and leaves come last. */
    while (heap_count && !heap[0]->leaves && heap[0]->first >= last_void) {
        Segment *s = heap[0];
        int slot = SLOTS;
        while ((slot = next_found(s, slot - 1)) >= 0) {
            Record *r = &s->records[slot];
            int sent = s->found[slot] & FOUND_SENT;
            s->found[slot] = 0;
            if (LIKELY(r->op == OP_MULTIPLY || r->op == OP_ADD) && LIKELY(sent) &&
                LIKELY(r->data == r->data)) {
                r->flags |= REACHED;
                give_two(s, r, s->cotangents[slot]);
                continue;
            }
            found_parents(r);
            if (reached_now(r, sent, ALL_NOTED))
                send_from(r, s->cotangents[slot], ALL_NOTED);
        }
        heap_pop();
    }
    if (heap_count && !heap[0]->leaves)
        return finish(at);
    while (heap_count) {
        Segment *s = heap[0];
        int slot = SLOTS;
        while ((slot = next_found(s, slot - 1)) >= 0) {
            if (s->found[slot] & FOUND_SENT)
                arrive(s, &s->records[slot]);
            s->found[slot] = 0;
        }
        heap_pop();
    }
    return 0;
}

static int backward(PyObject *root, double cotangent)
{
    Record *r = record_of(root);
    int strict = flag_of_mode("strict", 0);
    PyObject *seed, *done;
    if (strict < 0)
        return -1;
    if (!strict && (r->flags & INHERITED) == VARIES)
        return backward_on_floats(r, cotangent);
    seed = PyFloat_FromDouble(cotangent);
    if (!seed)
        return -1;
    done = PyObject_CallFunctionObjArgs(py.reverse_backward, root, seed, NULL);
    Py_DECREF(seed);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

/* Cotangents of chosen nodes, leaving every gradient as it is. */

static void mark_paths(const Order *order)
{
    size_t i;
    for (i = order->count; i-- > 0;) {
        Record *r = record_at(order->nodes[i]);
        const Index *parents;
        uint32_t k, n;
        if (segment_of(r)->leaves || r->flags & MARKED)
            continue;
        n = arity_of(r);
        parents = r->flags & MANY ? args_indices(r->of.args) : r->of.parent;
        for (k = 0; k < n; k++)
            if (parents[k])
                r->flags |= record_at(parents[k])->flags & MARKED;
    }
}

/* Send the seeds down to the nodes marked as wanted. On return the nodes with SENT
   have their sums in `cotangents`; restore() puts the gradients back. */
static void send_marked(const Order *order, const Index *roots, const double *seeds,
                        size_t count)
{
    size_t i;
    mark_paths(order);
    for (i = 0; i < count; i++)
        if (record_at(roots[i])->flags & MARKED)
            send(record_at(roots[i]), seeds[i], ONLY_MARKED);
    for (i = 0; i < order->count; i++) {
        Segment *s = segments[order->nodes[i] >> SLOT_BITS];
        unsigned slot = order->nodes[i] & SLOT_MASK;
        Record *r = &s->records[slot];
        if (s->leaves)
            break;
        if (r->flags & SENT && r->flags & MARKED)
            send_from(r, s->cotangents[slot], ONLY_MARKED);
    }
}

static double *save(const Order *order)
{
    size_t i;
    double *saved = malloc((order->count + 1) * sizeof *saved);
    if (!saved) {
        PyErr_NoMemory();
        return NULL;
    }
    for (i = 0; i < order->count; i++)
        saved[i] = segments[order->nodes[i] >> SLOT_BITS]->cotangents[order->nodes[i] & SLOT_MASK];
    return saved;
}

static void restore(const Order *order, const double *saved)
{
    size_t i;
    for (i = 0; i < order->count; i++) {
        Record *r = record_at(order->nodes[i]);
        segment_of(r)->cotangents[slot_of(r)] = saved[i];
        r->flags &= (uint16_t)~(SENT | MARKED);
    }
}
