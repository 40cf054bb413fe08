/* The tape: records of 32 bytes in segments, and how long each one lives.

A node is a record; the Python object (the handle, in value.h) is light and comes
and goes. A record counts what needs it: its children, and 1 for its handle. At 0
it is dead, and gives its parents back in turn, on a list and not by recursion.

Records of operations are laid down in the order of creation and a dead one's
place is not filled again, so place is order. A segment is used anew when all its
records are dead: one living record keeps at most SLOTS - 1 dead ones. Leaves
live in segments of their own, whose places are filled again at once: they have
no parents and carry their time of birth, so a parameter keeps nothing.
*/

typedef uint32_t Index; /* of a record: segment << SLOT_BITS | slot; 0 is none */
typedef struct Handle Handle;
typedef struct Args Args;

enum { /* flags */
    CONSTANT = 1,   /* a leaf that stands for a plain number */
    VARIES = 2,     /* a leaf that gets a gradient, or a node above one */
    IN_PYTHON = 4,  /* has partials that only Python knows, or a node above one */
    REACHED = 8,    /* has a gradient */
    SENT = 16,      /* in a traversal: a child has sent its share */
    MARKED = 32,    /* in a traversal: on a path to what is wanted */
    OWNS = 64,      /* the record holds the handle, not the handle the record */
    LABELLED = 128, /* has a label, in the dict of labels */
    PLACED = 2048,  /* has a place, in its segment's `places` */
    MANY = 256,     /* its parents are in Args: any number of them */
    SUBCLASS = 512, /* its handle is of a subclass of Value */
    VOID = 1024     /* a copy of a node whose leaf had been assigned: no longer fits */
};
enum { /* `found` */
    FOUND = 1,
    FOUND_SENT = 2 /* and a child has sent its share */
};
#define INHERITED (VARIES | IN_PYTHON)

typedef struct Record {
    double data;
    union {
        Index parent[2]; /* of an operation on one or two arguments */
        Args *args;      /* of one on more */
        uint64_t made;   /* of a leaf: the clock when it was made or assigned */
        struct Record *next; /* of a dead leaf: the next free one */
    } of;
    Handle *handle; /* the Python object while there is one */
    uint32_t count; /* children, and 1 if the handle holds this record */
    uint16_t op;    /* the row; 0 for a leaf */
    uint16_t flags;
} Record;

/* The parents of a record with MANY. An argument that is a plain number is kept
   here, and becomes a leaf only if somebody walks the graph. */
struct Args {
    PyObject *primitive; /* a row that is not in rows.h, else NULL */
    uint32_t n;
    uint32_t numbers; /* whether doubles lie before the indices */
};

#define SLOT_BITS 9
#define SLOT_MASK ((1u << SLOT_BITS) - 1)
#define SLOTS 392 /* what fits: 41 bytes each and a header */
#define SEGMENT_BYTES 16384
#define CHUNK_SEGMENTS 64
#define SPARE_CHUNKS 16 /* kept for the next step; what is beyond is given back */

typedef struct {
    double grad[SLOTS];
    uint64_t order[SLOTS]; /* among leaves: the number of leaves made or assigned before */
} Leaves;

typedef struct Segment {
    uint64_t first; /* how many operations were recorded before slot 0; 0 for leaves */
    struct Segment *next, *before; /* in a list of free segments, or of leaves with room */
    struct Chunk *chunk;
    Leaves *leaves; /* NULL for operations */
    Record *free;   /* places for leaves */
    PyObject **places; /* where nodes were made; NULL if none has that noted */
    Index base;     /* the index of slot 0 */
    uint32_t dead;  /* operations that were recorded here and are gone */
    uint32_t live;  /* leaves */
    uint8_t queued; /* in a traversal: waits in the heap */
    uint8_t found[SLOTS]; /* in a traversal: what is not yet visited */
    Record records[SLOTS];
    double cotangents[SLOTS]; /* an operation's gradient; a leaf's share of this pass */
} Segment;

static_assert(sizeof(Record) == 32 && sizeof(Segment) <= SEGMENT_BYTES, "see SLOTS");

typedef struct Chunk {
    void *memory;
    struct Chunk *before, *after; /* chunks with free segments */
    Segment *free;
    uint32_t free_count;
    uint32_t first_id;
} Chunk;

static Segment **segments; /* by id, from 1 */
static uint32_t segment_count = 1, segment_capacity;
static Chunk *roomy; /* chunks with free segments */
static uint32_t spare_chunks;
static uint32_t *free_ids; /* first ids of chunks that were given back */
static uint32_t free_id_count, free_id_capacity;

static Segment *tape;       /* where operations are recorded now */
static Record *next_record; /* the next place there */
static Record *last_record; /* the end of the places there */
static Segment *nursery;    /* segments of leaves that have room */
static uint64_t leaf_clock; /* leaves made or assigned so far */
static uint64_t last_void;  /* operations recorded before the last assignment to a used leaf */

static inline Segment *segment_of(const Record *r)
{
    return (Segment *)((uintptr_t)r & ~(uintptr_t)(SEGMENT_BYTES - 1));
}

static inline uint32_t slot_of(const Record *r)
{
    return (uint32_t)(r - segment_of(r)->records);
}

static inline Index index_of(const Record *r)
{
    return segment_of(r)->base | slot_of(r);
}

static inline Record *record_at(Index i)
{
    return &segments[i >> SLOT_BITS]->records[i & SLOT_MASK];
}

static inline uint64_t clock_now(void)
{
    return tape->first + (uint64_t)(next_record - tape->records);
}

static inline uint64_t born(const Record *r) /* of an operation */
{
    return segment_of(r)->first + slot_of(r);
}

/* Segments */

static void chunk_link(Chunk *c)
{
    c->before = NULL;
    c->after = roomy;
    if (roomy)
        roomy->before = c;
    roomy = c;
}

static void chunk_unlink(Chunk *c)
{
    if (c->before)
        c->before->after = c->after;
    else
        roomy = c->after;
    if (c->after)
        c->after->before = c->before;
}

static uint32_t new_ids(void) /* for a chunk; 0 if there is no memory */
{
    if (free_id_count)
        return free_ids[--free_id_count];
    if (segment_count + CHUNK_SEGMENTS > segment_capacity) {
        uint32_t capacity = segment_capacity ? 2 * segment_capacity : 1024;
        Segment **grown;
        if (capacity > (UINT32_MAX >> SLOT_BITS))
            return 0;
        grown = realloc(segments, capacity * sizeof *segments);
        if (!grown)
            return 0;
        segments = grown;
        segment_capacity = capacity;
    }
    if (!free_ids || segment_count / CHUNK_SEGMENTS >= free_id_capacity) {
        uint32_t capacity = segment_capacity / CHUNK_SEGMENTS + 1;
        uint32_t *grown = realloc(free_ids, capacity * sizeof *free_ids);
        if (!grown)
            return 0;
        free_ids = grown;
        free_id_capacity = capacity;
    }
    segment_count += CHUNK_SEGMENTS;
    return segment_count - CHUNK_SEGMENTS;
}

static int chunk_new(void)
{
    Chunk *c = calloc(1, sizeof *c);
    uint32_t i;
    char *start;
    if (!c)
        return -1;
    c->memory = malloc((size_t)(CHUNK_SEGMENTS + 1) * SEGMENT_BYTES);
    if (!c->memory || !(c->first_id = new_ids())) {
        free(c->memory);
        free(c);
        return -1;
    }
    start = (char *)(((uintptr_t)c->memory + SEGMENT_BYTES - 1) & ~(uintptr_t)(SEGMENT_BYTES - 1));
    for (i = CHUNK_SEGMENTS; i-- > 0;) {
        Segment *s = (Segment *)(start + (size_t)i * SEGMENT_BYTES);
        memset(s, 0, offsetof(Segment, records));
        s->base = (c->first_id + i) << SLOT_BITS;
        s->chunk = c;
        s->next = c->free;
        c->free = s;
        segments[c->first_id + i] = s;
    }
    c->free_count = CHUNK_SEGMENTS;
    spare_chunks++;
    chunk_link(c);
    return 0;
}

static Segment *segment_new(void)
{
    Segment *s;
    Chunk *c;
    if (!roomy && chunk_new() < 0) {
        PyErr_NoMemory();
        return NULL;
    }
    c = roomy;
    s = c->free;
    c->free = s->next;
    s->places = NULL;
    if (c->free_count-- == CHUNK_SEGMENTS)
        spare_chunks--;
    if (!c->free)
        chunk_unlink(c);
    s->dead = s->live = 0;
    return s;
}

static void segment_free(Segment *s)
{
    Chunk *c = s->chunk;
    free(s->places);
    if (!c->free)
        chunk_link(c);
    s->next = c->free;
    c->free = s;
    if (++c->free_count < CHUNK_SEGMENTS)
        return;
    if (spare_chunks >= SPARE_CHUNKS) {
        chunk_unlink(c);
        free_ids[free_id_count++] = c->first_id;
        free(c->memory);
        free(c);
        return;
    }
    spare_chunks++;
}

/* Records */

static SELDOM int tape_turn(void) /* the current segment is full: on to the next */
{
    Segment *s = segment_new();
    if (!s)
        return -1;
    s->leaves = NULL;
    s->first = tape ? tape->first + SLOTS : 1;
    tape = s;
    next_record = s->records;
    last_record = s->records + SLOTS;
    return 0;
}

static inline Record *operation_new(void)
{
    if (UNLIKELY(next_record == last_record) && tape_turn() < 0)
        return NULL;
    return next_record++;
}

static inline void operation_free(Segment *s)
{
    s->dead++;
    if (s == tape) {
        uint32_t used = (uint32_t)(next_record - s->records);
        if (s->dead == used) { /* nothing here lives: start again */
            s->first += used;
            s->dead = 0;
            next_record = s->records;
        }
    } else if (s->dead == SLOTS) {
        segment_free(s);
    }
}

static void nursery_link(Segment *s)
{
    s->before = NULL;
    s->next = nursery;
    if (nursery)
        nursery->before = s;
    nursery = s;
}

static void nursery_unlink(Segment *s)
{
    if (s->before)
        s->before->next = s->next;
    else
        nursery = s->next;
    if (s->next)
        s->next->before = s->before;
}

static int nursery_grow(void)
{
    uint32_t i;
    Segment *s = segment_new();
    if (!s)
        return -1;
    s->leaves = malloc(sizeof(Leaves));
    if (!s->leaves) {
        segment_free(s);
        PyErr_NoMemory();
        return -1;
    }
    s->first = 0;
    s->free = NULL;
    for (i = SLOTS; i-- > 0;) {
        s->records[i].of.next = s->free;
        s->free = &s->records[i];
    }
    nursery_link(s);
    return 0;
}

static inline void leaf_free(Segment *s, Record *r)
{
    if (!s->free)
        nursery_link(s);
    r->of.next = s->free;
    s->free = r;
    if (--s->live == 0 && (s->before || s->next)) { /* one empty segment stays */
        nursery_unlink(s);
        free(s->leaves);
        s->leaves = NULL;
        segment_free(s);
    }
}

static inline Record *leaf_new(double data, int flags)
{
    Record *r;
    Segment *s;
    if (UNLIKELY(!nursery) && nursery_grow() < 0)
        return NULL;
    s = nursery;
    r = s->free;
    s->free = r->of.next;
    s->live++;
    if (UNLIKELY(!s->free))
        nursery_unlink(s);
    r->data = data;
    r->of.made = clock_now();
    s->leaves->order[slot_of(r)] = leaf_clock++;
    r->handle = NULL;
    r->count = 0;
    r->op = 0;
    r->flags = (uint16_t)flags;
    return r;
}

static inline double *args_numbers(const Args *a)
{
    return (double *)(a + 1);
}

static inline Index *args_indices(const Args *a)
{
    return (Index *)(args_numbers(a) + (a->numbers ? a->n : 0));
}

static Args *args_new(size_t n, int numbers)
{
    Args *a = PyMem_Malloc(sizeof *a + n * ((numbers ? sizeof(double) : 0) + sizeof(Index)));
    if (!a) {
        PyErr_NoMemory();
        return NULL;
    }
    a->primitive = NULL;
    a->n = (uint32_t)n;
    a->numbers = (uint32_t)numbers;
    return a;
}

/* Python objects whose turn to be released comes when no record is in the making
   or unmaking: releasing one may run any code. */
static PyObject **doomed;
static size_t doomed_count, doomed_capacity;
static int releasing;

static void release_later(PyObject *object)
{
    if (doomed_count == doomed_capacity) {
        size_t capacity = doomed_capacity ? 2 * doomed_capacity : 64;
        PyObject **grown = realloc(doomed, capacity * sizeof *doomed);
        if (!grown)
            return; /* out of memory: this object is lost, nothing else */
        doomed = grown;
        doomed_capacity = capacity;
    }
    doomed[doomed_count++] = object;
}

static void release_doomed(void)
{
    if (releasing)
        return; /* whoever is releasing takes these too: no recursion */
    releasing = 1;
    while (doomed_count)
        Py_DECREF(doomed[--doomed_count]);
    releasing = 0;
}

static void forget_notes(Record *r);    /* value.h */
static int handle_dies_with(Record *r);     /* value.h */

/* r has one child or handle less; if it was the last, r goes on the list of the dead,
   which runs through their handle fields: no handle, no use for them. */
static inline Record *lose(Record *r, Record *dead)
{
    if (--r->count == 0 && (LIKELY(!(r->flags & OWNS)) || handle_dies_with(r))) {
        r->handle = (Handle *)dead;
        return r;
    }
    return dead;
}

static Record *bury_many(Record *r, Record *dead)
{
    Args *args = r->of.args;
    const Index *parents = args_indices(args);
    uint32_t i;
    for (i = 0; i < args->n; i++)
        if (parents[i]) /* else a plain number */
            dead = lose(record_at(parents[i]), dead);
    if (args->primitive)
        release_later(args->primitive);
    PyMem_Free(args);
    return dead;
}

/* r has lost its last child and its handle: free it and whatever it alone kept. */
static void bury(Record *r)
{
    Record *dead = NULL;
    for (;;) {
        Segment *s = segment_of(r);
        if (UNLIKELY(r->flags & (LABELLED | PLACED | VOID)))
            forget_notes(r);
        if (LIKELY(!(r->flags & MANY) && r->op)) {
            Index at = r->of.parent[1];
            dead = lose(record_at(r->of.parent[0]), dead);
            if (LIKELY(at))
                dead = lose(record_at(at), dead);
            operation_free(s);
        } else if (r->op) {
            dead = bury_many(r, dead);
            operation_free(s);
        } else {
            leaf_free(s, r);
        }
        if (!dead)
            break;
        r = dead;
        dead = (Record *)r->handle;
    }
    if (UNLIKELY(doomed_count != 0))
        release_doomed();
}
