/* The reverse traversal on floats.

First the nodes below the outputs are found, from the last made to the first:
those found and not yet visited are bits in their segments, and the segments wait
in a heap by age. So the work is in proportion to the graph below the outputs,
whatever else is alive, and the order is the order of creation with no sorting.
Then the cotangents are sent down that list. Neither part runs any Python code,
so what it writes into the segments is seen by nobody else.
*/

typedef struct {
    Index *nodes; /* children before parents, leaves last */
    size_t count, capacity;
    Record *changed, *user; /* a leaf that was assigned after `user` had used it */
    int in_python;          /* some partial is only in Python */
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

static inline void found(Index at)
{
    Segment *s = segments[at >> SLOT_BITS];
    unsigned slot = at & SLOT_MASK;
    s->pending[slot >> 6] |= (uint64_t)1 << (slot & 63);
    s->summary |= 1u << (slot >> 6);
    if (!s->queued)
        heap_push(s);
}

static inline int highest(uint64_t bits) /* of bits != 0 */
{
#if defined(__GNUC__) || defined(__clang__)
    return 63 - __builtin_clzll(bits);
#else
    int i = 0;
    for (int step = 32; step; step >>= 1)
        if (bits >> step) {
            bits >>= step;
            i += step;
        }
    return i;
#endif
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

static void forget_pending(void)
{
    size_t i;
    for (i = 0; i < heap_count; i++) {
        memset(heap[i]->pending, 0, sizeof heap[i]->pending);
        heap[i]->summary = heap[i]->queued = 0;
    }
    heap_count = 0;
}

/* Every node below the roots; -1 with an exception if memory ran out. */
static int collect(Order *order, const Index *roots, size_t root_count)
{
    size_t i;
    memset(order, 0, sizeof *order);
    order->nodes = spare_nodes;
    order->capacity = spare_capacity;
    spare_nodes = NULL;
    spare_capacity = 0;
    if (heap_capacity < segment_count) {
        Segment **grown = realloc(heap, segment_capacity * sizeof *heap);
        if (!grown) {
            PyErr_NoMemory();
            return -1;
        }
        heap = grown;
        heap_capacity = segment_capacity;
    }
    for (i = 0; i < root_count; i++)
        found(roots[i]);
    while (heap_count) {
        Segment *s = heap[0];
        while (s->summary) {
            int word = highest(s->summary);
            int slot = word << 6 | highest(s->pending[word]);
            Record *r = &s->records[slot];
            s->pending[word] &= ~((uint64_t)1 << (slot & 63));
            if (!s->pending[word])
                s->summary &= ~(1u << word);
            if (UNLIKELY(order->count == order->capacity) && order_grow(order) < 0) {
                forget_pending();
                return -1;
            }
            order->nodes[order->count++] = s->base | (Index)slot;
            if (s->leaves)
                continue;
            if (LIKELY(!(r->flags & MANY))) {
                found(r->of.parent[0]);
                if (r->of.parent[1])
                    found(r->of.parent[1]);
            } else {
                const Index *parents = args_indices(r->of.args);
                uint32_t k, n = r->of.args->n;
                for (k = 0; k < n; k++)
                    if (parents[k])
                        found(parents[k]);
            }
            if (UNLIKELY(rows[r->op].traits & PARTIALS_IN_PYTHON))
                order->in_python = 1;
            if (UNLIKELY(s->first + (unsigned)slot < last_void)) {
                uint32_t k, n = arity_of(r);
                const Index *parents =
                    r->flags & MANY ? args_indices(r->of.args) : r->of.parent;
                for (k = n; k-- > 0;) {
                    Record *p = parents[k] ? record_at(parents[k]) : NULL;
                    if (p && segment_of(p)->leaves &&
                        (r->mark & VOID || p->of.made > s->first + (unsigned)slot)) {
                        order->changed = p;
                        order->user = r;
                    }
                }
            }
        }
        heap_pop();
    }
    return 0;
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

static inline void send(Record *p, double share)
{
    double *sum = &segment_of(p)->cotangents[slot_of(p)];
    if (p->flags & SENT) {
        *sum += share;
    } else {
        *sum = share;
        p->flags |= SENT;
    }
}

static inline int wanted(const Record *p, int marked)
{
    return marked ? p->mark & MARKED : p->flags & VARIES;
}

/* Room for an n-ary node's numbers, kept between nodes. */
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

static void send_many(Record *r, double g, int marked)
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
        if (!wanted(p, marked))
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
        send(p, partial * g);
    }
}

static inline void send_few(Record *r, double g, int marked)
{
    Record *p = record_at(r->of.parent[0]), *q;
    unsigned op = r->op;
    double y = r->data, x[2], d;
    const Row *row;
    if (LIKELY(y == y)) {
        /* The commonest rows without the switch: a jump that is hard to predict. */
        if (op == OP_MULTIPLY) {
            q = record_at(r->of.parent[1]);
            if (wanted(p, marked))
                send(p, partial0_multiply(p->data, q->data, y) * g);
            if (wanted(q, marked))
                send(q, partial1_multiply(p->data, q->data, y) * g);
            return;
        }
        if (op == OP_ADD) {
            q = record_at(r->of.parent[1]);
            if (wanted(p, marked))
                send(p, partial0_add(p->data, q->data, y) * g);
            if (wanted(q, marked))
                send(q, partial1_add(p->data, q->data, y) * g);
            return;
        }
    }
    row = &rows[op];
    x[0] = p->data;
    q = NULL;
    if (row->arity == 2) {
        q = record_at(r->of.parent[1]);
        x[1] = q->data;
    }
    if (wanted(p, marked) && row->partials & 1) {
        d = y == y || row->traits & SELECTS ? row_partial(op, 0, x, y) : NAN;
        if (!(row->traits & SELECTS) || d != 0.0)
            send(p, (y == y ? d : NAN) * g);
    }
    if (q && wanted(q, marked) && row->partials & 2) {
        d = y == y || row->traits & SELECTS ? row_partial(op, 1, x, y) : NAN;
        if (!(row->traits & SELECTS) || d != 0.0)
            send(q, (y == y ? d : NAN) * g);
    }
}

/* What `backward` does, after the seed was sent to the root. */
static void send_all(const Order *order)
{
    size_t i;
    for (i = 0; i < order->count; i++) {
        Segment *s = segments[order->nodes[i] >> SLOT_BITS];
        unsigned slot = order->nodes[i] & SLOT_MASK;
        Record *r = &s->records[slot];
        if (s->leaves) {
            if (r->flags & SENT && !(r->flags & CONSTANT)) {
                double *grad = &s->leaves->grad[slot], sum = s->cotangents[slot];
                *grad = r->flags & REACHED ? *grad + sum : sum;
                r->flags |= REACHED;
            }
            r->flags &= (uint8_t)~SENT;
            continue;
        }
        if (!(r->flags & SENT)) {
            r->flags &= (uint8_t)~REACHED;
            continue;
        }
        r->flags = (uint8_t)((r->flags & ~SENT) | REACHED);
        if (!(r->flags & VARIES))
            continue;
        if (UNLIKELY(r->flags & MANY))
            send_many(r, s->cotangents[slot], 0);
        else
            send_few(r, s->cotangents[slot], 0);
    }
}

static int room_for(const Order *order)
{
    size_t i, most = 0;
    for (i = 0; i < order->count; i++) {
        const Record *r = record_at(order->nodes[i]);
        if (r->flags & MANY && r->of.args->n > most)
            most = r->of.args->n;
    }
    return make_room(2 * most);
}

static int backward(PyObject *root, double cotangent)
{
    Order order;
    Record *r = record_of(root);
    Index at = index_of(r);
    int strict = flag_of_mode("strict", 0), failed = 0;
    if (strict < 0 || collect(&order, &at, 1) < 0)
        return -1;
    if (!(r->flags & VARIES) || strict || order.in_python) {
        PyObject *seed = PyFloat_FromDouble(cotangent), *done = NULL;
        if (seed)
            done = PyObject_CallFunctionObjArgs(py.reverse_backward, root, seed, NULL);
        failed = done ? 0 : -1;
        Py_XDECREF(done);
        Py_XDECREF(seed);
    } else if (order.changed) {
        failed = refuse_changed(&order);
    } else if (room_for(&order) < 0) {
        failed = -1;
    } else {
        send(r, cotangent);
        send_all(&order);
    }
    order_free(&order);
    return failed;
}

/* Cotangents of chosen nodes, leaving every gradient as it is. */

static void mark_paths(const Order *order)
{
    size_t i;
    for (i = order->count; i-- > 0;) {
        Record *r = record_at(order->nodes[i]);
        const Index *parents;
        uint32_t k, n;
        if (segment_of(r)->leaves || r->mark & MARKED)
            continue;
        n = arity_of(r);
        parents = r->flags & MANY ? args_indices(r->of.args) : r->of.parent;
        for (k = 0; k < n; k++)
            if (parents[k])
                r->mark |= record_at(parents[k])->mark & MARKED;
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
        if (record_at(roots[i])->mark & MARKED)
            send(record_at(roots[i]), seeds[i]);
    for (i = 0; i < order->count; i++) {
        Segment *s = segments[order->nodes[i] >> SLOT_BITS];
        unsigned slot = order->nodes[i] & SLOT_MASK;
        Record *r = &s->records[slot];
        if (s->leaves)
            break;
        if (!(r->flags & SENT) || !(r->mark & MARKED))
            continue;
        if (UNLIKELY(r->flags & MANY))
            send_many(r, s->cotangents[slot], 1);
        else
            send_few(r, s->cotangents[slot], 1);
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
        r->flags &= (uint8_t)~SENT;
        r->mark &= (uint8_t)~MARKED;
    }
}
