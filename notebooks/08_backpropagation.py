# %% [markdown]
# # 8. Backpropagation, in two stages and in general
#
# First you go back through a network of two stages with formulas. Then you write a program that
# goes back through anything: an engine of 60 lines. On the way you make every classic mistake on
# purpose, because an engine is best understood where it breaks.
#
# You need the chain rule from [notebook 7](07_the_chain_rule_on_circuits.ipynb).

# %%
import math

from exercises import check
from sketches import plt

import autograd
import nn
from autograd import Value, draw, vjp

# %% [markdown]
# ## Two stages
#
# A network with one hidden layer computes in two stages, and a cost judges the result:
#
# $$Y = f(X; \Theta_1) \qquad z = g(Y; \Theta_2) \qquad J(\Theta) = L(z, \hat z)$$
#
# $X$ goes in, $\Theta_1$ and $\Theta_2$ are the parameters, $\hat z$ is what should have come out.
# To make $J$ smaller we need its derivative by the parameters of **both** stages. The chain rule
# gives them:
#
# $$\frac{\partial J}{\partial \Theta_2} = \frac{\partial J}{\partial z} \cdot \frac{\partial z}{\partial \Theta_2}
# \qquad\qquad
# \frac{\partial J}{\partial \Theta_1} = \frac{\partial J}{\partial z} \cdot \frac{\partial
# z}{\partial Y} \cdot \frac{\partial Y}{\partial \Theta_1}$$
#
# Both begin with the same factor. So compute it once, use it for $\Theta_2$, send it one stage
# back, and go on from there: that is *back*-propagation.
#
# With one number in each place, $Y = \tanh(\Theta_1 X)$, $z = \Theta_2 Y$ and $J = \frac12 (z -
# \hat z)^2$:

# %%
X, target = 1.0, 0.5
theta1, theta2 = 0.8, -1.2

Y = math.tanh(theta1 * X)  # stage 1
z = theta2 * Y  # stage 2
J = 0.5 * (z - target) ** 2  # cost

dJ_dz = z - target
dJ_dtheta2 = dJ_dz * Y
dJ_dY = dJ_dz * theta2  # sent back to stage 1
dJ_dtheta1 = dJ_dY * (1 - Y**2) * X  # tanh' = 1 - tanh²
round(dJ_dtheta1, 6), round(dJ_dtheta2, 6)

# %%
t1, t2 = Value(theta1, label="Θ₁"), Value(theta2, label="Θ₂")
cost = 0.5 * (t2 * (t1 * X).tanh() - target) ** 2
cost.backward()
assert math.isclose(t1.grad, dJ_dtheta1) and math.isclose(t2.grad, dJ_dtheta2)
draw(cost, parameters=[t1, t2], rankdir="TB")

# %% [markdown]
# ### Exercise 8.1
#
# The same network with $\Theta_1 = 0$, $\Theta_2 = 3$, $X = 2$, $\hat z = 1$. Find $\partial
# J/\partial\Theta_1$ and $\partial J/\partial\Theta_2$ in your head.

# %%
answer = ...
check("8.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# # Y = tanh(0) = 0, z = 0, dJ/dz = 0 - 1 = -1
# answer = [-6, 0]  # -1 · 3 · (1 - 0²) · 2, and -1 · 0
# check("8.1", answer)
# ```
# </details>

# %% [markdown]
# ## Two layers
#
# With several neurons the stages have vectors in between. CS229's notes on deep learning have it
# for a ReLU layer and a linear neuron:
#
# $$z^{[1]} = W^{[1]} x + b^{[1]} \qquad a = \mathrm{ReLU}(z^{[1]}) \qquad o = W^{[2]} a + b^{[2]} \qquad J = \tfrac12 (o - y)^2$$
#
# and going back, with $\delta$ for the gradient by what a layer sums up:
#
# $$\delta^{[2]} = o - y \qquad
# \frac{\partial J}{\partial W^{[2]}} = \delta^{[2]} a^\top \qquad
# \delta^{[1]} = \bigl(W^{[2]\top} \delta^{[2]}\bigr) \odot \mathrm{ReLU}'(z^{[1]}) \qquad
# \frac{\partial J}{\partial W^{[1]}} = \delta^{[1]} x^\top$$
#
# ($\odot$ multiplies number by number. $\delta x^\top$ is the table of all products $\delta_i x_j$:
# a row for each neuron, a column for each input, as in $W$. The $\top$ at $W^{[2]}$ turns it on its
# side: each hidden neuron gets $\delta^{[2]}$ times its own weight. The biases' gradients are the
# $\delta$ themselves.) As a program, for three hidden neurons:

# %%
model = nn.MLP(2, [3, 1], seed=4)
x, y = [1.0, -2.0], 0.5
hidden, out = model.layers[0].neurons, model.layers[1].neurons[0]
W1 = [[w.data for w in neuron.w] for neuron in hidden]
W2 = [w.data for w in out.w]

z1 = [w[0] * x[0] + w[1] * x[1] for w in W1]  # forward; the biases are still 0
a = [max(0.0, z) for z in z1]
o = sum(w * ai for w, ai in zip(W2, a))

d2 = o - y  # backward
dW2 = [d2 * ai for ai in a]
d1 = [w * d2 * (z > 0) for w, z in zip(W2, z1)]
dW1 = [[d * xi for xi in x] for d in d1]
[[round(g, 4) for g in row] for row in dW1]

# %% [markdown]
# And by machine:

# %%
J = 0.5 * (model(x) - y) ** 2
J.backward()
assert all(math.isclose(w.grad, g) for w, g in zip(out.w, dW2))
for neuron, row in zip(hidden, dW1):
    assert all(math.isclose(w.grad, g) for w, g in zip(neuron.w, row))
[[round(w.grad, 4) for w in neuron.w] for neuron in hidden]

# %% [markdown]
# The third row is 0: that neuron's sum is negative for this example, ReLU' is 0 there, and nothing
# goes through. (−0.0 is 0 as well.)
#
# Formulas for two layers fill a line, for a transformer they fill pages, and any change means doing
# them again. Nobody does that. We write one program that walks any graph.
#
# ## The engine, from nothing
#
# A node holds its number, the nodes it was made from, and the local derivative by each of those.


# %%
class Node:
    def __init__(self, data, parents=(), partials=()):
        self.data = float(data)
        self.parents = parents
        self.partials = partials
        self.grad = 0.0

    def __add__(self, other):
        return Node(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Node(self.data * other.data, (self, other), (other.data, self.data))

    def __repr__(self):
        return f"Node({self.data:g}, grad={self.grad:g})"


# %%
x, y, z = Node(-2), Node(5), Node(-4)
f = (x + y) * z
f, f.parents, f.partials

# %% [markdown]
# The graph is there. Now walk it backwards. Each of the following four mistakes is one that people
# have really made.
#
# ### Mistake 1: no accumulation
#
# From each node to its parents: the parent's gradient **is** the local derivative times mine.


# %%
def backward_1(node, upstream=1.0):
    node.grad = upstream
    for parent, partial in zip(node.parents, node.partials):
        backward_1(parent, partial * upstream)


backward_1(f)
x, y, z

# %% [markdown]
# Right! −4, −4, 3. And now $b = a + a$, whose derivative is 2:

# %%
a = Node(3)
b = a + a
backward_1(b)
print(f"db/da should be 2 and is {a.grad:g}")

# %% [markdown]
# `a` was visited twice, and the second visit wiped out the first. Where paths meet, gradients
# **add**.
#
# ### Mistake 2: adding, but in no order
#
# So put `+=`, and go on to the parents straight away with what I have now.


# %%
def backward_2(node, first=True):
    if first:
        node.grad = 1.0
    for parent, partial in zip(node.parents, node.partials):
        parent.grad += partial * node.grad
        backward_2(parent, first=False)


a = Node(3)
b = a + a
backward_2(b)
print(f"db/da should be 2 and is {a.grad:g}")

# %% [markdown]
# Good. One more storey: $b = a + a$, $c = b + b$. Then $c = 4a$, and the derivative is 4.

# %%
a = Node(3)
b = a + a
c = b + b
backward_2(c)
print(f"dc/da should be 4 and is {a.grad:g}")

# %% [markdown]
# What happened? `c` sends 1 to `b`, and `b` **at once** sends 1 + 1 on to `a`. Then `c` sends its
# second 1, `b` has 2 now, and sends 2 + 2. That makes 6: the first 1 was sent twice. A node must
# wait until **all** its children have sent. Only then does it know its gradient.
#
# An order that puts parents before children is called **topological**. Backwards through it, every
# node comes after all its children.


# %%
def order_by_recursion(node, found=None, seen=None):
    found, seen = ([], set()) if found is None else (found, seen)
    if node not in seen:
        seen.add(node)
        for parent in node.parents:
            order_by_recursion(parent, found, seen)
        found.append(node)
    return found


def backward_3(root):
    root.grad = 1.0
    for node in reversed(order_by_recursion(root)):
        for parent, partial in zip(node.parents, node.partials):
            parent.grad += partial * node.grad


a = Node(3)
b = a + a
c = b + b
backward_3(c)
print(f"dc/da should be 4 and is {a.grad:g}")

# %% [markdown]
# Each node is visited once now, so a graph of a million nodes takes a million steps. `backward_2`
# took the number of *paths*: 2 more storeys, 4 times as many.

# %% [markdown]
# ### Mistake 3: a second backward
#
# Call it again on the same graph. The leaves are meant to collect: a second pass should add another
# 4 and make 8.

# %%
backward_3(c)
print(f"after two passes a.grad should be 8 and is {a.grad:g}")

# %% [markdown]
# `b` still had its 2 from the first pass, got 2 more, and sent 4 + 4: 4 + 8 makes 12. Interior
# nodes must start **afresh** in every pass. Only leaves collect: that is useful, because two losses
# that share a parameter then add up, and it is why training loops say `zero_grad()`.
#
# You find this mistake in well-known engines, silent. In the one of this repository the leaf `v`
# collects 4 + 4, and `w` starts afresh and has its 2:

# %%
v = Value(3.0)
w = v + v
u = w + w
u.backward()
u.backward()
assert (v.grad, w.grad) == (8.0, 2.0)
v.grad, w.grad

# %% [markdown]
# ### Mistake 4: recursion
#
# A training loop or a long sum makes a deep graph. Ours calls itself for each node:

# %%
deep = Node(1)
for _ in range(10_000):
    deep = deep + Node(0)

try:
    backward_3(deep)
except RecursionError as error:
    print(type(error).__name__)

# %% [markdown]
# So walk with a list in place of calls. The same walk: visit the parents first, then append the
# node.
#
# ### Exercise 8.2
#
# Write `order(root)` without recursion. It returns a list of all nodes below `root`, each once,
# parents before children. A hint: keep a stack of pairs (node, whether its parents are done).


# %%
def order(root):
    found, seen, stack = [], set(), [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        ...  # three cases: done, not seen yet, seen
    return found


answer = ...  # when you are done: answer = order
check("8.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def order(root):
#     found, seen, stack = [], set(), [(root, False)]
#     while stack:
#         node, parents_done = stack.pop()
#         if parents_done:
#             found.append(node)
#         elif node not in seen:
#             seen.add(node)
#             stack.append((node, True))
#             stack += [(parent, False) for parent in node.parents]
#     return found
#
#
# answer = order
# check("8.2", answer)
# ```
# </details>

# %% [markdown]
# ### Exercise 8.3
#
# Give the engine a function of one number: `tanh(node)` returns a new Node with the number, its
# parent, and the local derivative. Then a network is in reach.


# %%
def tanh(node):
    t = math.tanh(node.data)
    return Node(t, ..., ...)


answer = ...  # when you are done: answer = tanh
check("8.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def tanh(node):
#     t = math.tanh(node.data)
#     return Node(t, (node,), (1 - t * t,))
#
#
# answer = tanh
# check("8.3", answer)
# ```
# </details>

# %% [markdown]
# ### Exercise 8.4: the whole engine
#
# Put it together: a class `Node` with `+` and `*` (also with plain numbers: Python computes `2 * x`
# by `x.__rmul__(2)`, and `2 + x` by `x.__radd__(2)`), `tanh()` as a method, and `backward()`, so that
# none of the four mistakes is left. It takes 40 to 60 lines. The
# check computes some hundred random formulas with your class and with the engine of this
# repository, calls `backward()` twice, and builds a chain of 20,000 nodes.

# %%
answer = ...  # your class: answer = Node
check("8.4", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# class Node:
#     """A number that remembers how it was computed."""
#
#     def __init__(self, data, parents=(), partials=()):
#         self.data = float(data)
#         self.parents = parents  # the nodes it was made from
#         self.partials = partials  # its local derivative by each of them
#         self.grad = 0.0
#
#     def __repr__(self):
#         return f"Node({self.data:g}, grad={self.grad:g})"
#
#     @staticmethod
#     def of(x):
#         return x if isinstance(x, Node) else Node(x)
#
#     def __add__(self, other):
#         other = Node.of(other)
#         return Node(self.data + other.data, (self, other), (1.0, 1.0))
#
#     def __mul__(self, other):
#         other = Node.of(other)
#         return Node(self.data * other.data, (self, other), (other.data, self.data))
#
#     __radd__ = __add__
#     __rmul__ = __mul__
#
#     def tanh(self):
#         t = math.tanh(self.data)
#         return Node(t, (self,), (1 - t * t,))
#
#     def order(self):
#         """All nodes below, parents before children. A list, no recursion: graphs are deep."""
#         found, seen, stack = [], set(), [(self, False)]
#         while stack:
#             node, parents_done = stack.pop()
#             if parents_done:
#                 found.append(node)
#             elif node not in seen:
#                 seen.add(node)
#                 stack.append((node, True))
#                 stack += [(parent, False) for parent in node.parents]
#         return found
#
#     def backward(self):
#         """Add d(self)/d(leaf) to the gradient of every leaf."""
#         nodes = self.order()
#         for node in nodes:
#             if node.parents:
#                 node.grad = 0.0  # interior nodes start afresh, leaves collect
#         self.grad += 1.0
#         for node in reversed(nodes):  # after all its children
#             for parent, partial in zip(node.parents, node.partials):
#                 parent.grad += partial * node.grad  # where paths meet, add
#
#
# answer = Node
# check("8.4", answer)
# ```
# </details>

# %% [markdown]
# You have an engine. What this repository adds to it, you can read in two files that are not long,
# [value.py](../autograd/value.py) and [reverse.py](../autograd/reverse.py):
#
# - nodes keep *which* operation made them, not its derivative as a number; so derivatives can
#   themselves be recorded, and differentiated again;
# - each derivative is one row of a table, right to the last digits, at edges too;
# - what has not been reached is not 0, and an interior number cannot be changed behind the graph's
#   back.
#
# ### The example of micrograd's README
#
# It uses every operation once, some of them twice, and one number after the other has another name
# by the end. If an engine gets this right, it gets most things right.

# %%
a, b = Value(-4.0), Value(2.0)
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
g.backward()
assert (round(g.data, 4), round(a.grad, 4), round(b.grad, 4)) == (24.7041, 138.8338, 645.5773)
f"g = {g.data:.4f}, ∂g/∂a = {a.grad:.4f}, ∂g/∂b = {b.grad:.4f}"

# %% [markdown]
# ## Any number of stages
#
# A stage need not be an operation. Everything that has parameters and can send a gradient back is a
# stage. `vjp` gives a function's result together with its **pullback**, that turns "the gradient by
# my result" into "the gradients by my arguments". With pullbacks the two formulas from the top are
# two lines:


# %%
def stage1(X, theta1):
    return autograd.tanh(theta1 * X)


def stage2(Y, theta2):
    return theta2 * Y


Y, pullback1 = vjp(stage1, 1.0, 0.8)
z, pullback2 = vjp(stage2, Y, -1.2)
dJ_dz = z - 0.5
dJ_dY, dJ_dtheta2 = pullback2(dJ_dz)
_, dJ_dtheta1 = pullback1(dJ_dY)
assert math.isclose(dJ_dtheta1, t1.grad) and math.isclose(dJ_dtheta2, t2.grad)
round(dJ_dtheta1, 6), round(dJ_dtheta2, 6)

# %% [markdown]
# ## What a gradient costs
#
# One backward pass visits every node once and does a little more work there than the forward pass
# did. So **all** derivatives together cost a small multiple of the function, however many
# parameters there are. CS229's notes state this as a theorem (Baur and Strassen proved it in 1983).
# Differences, on the other hand, need one more evaluation for *each* parameter.
#
# Count the multiplications and additions, for networks of growing size. Backward, each parent of a
# node costs a multiplication (local derivative times upstream) and an addition (`+=`); where the
# local derivative must be computed first, as for tanh, we count two more.


# %%
def operations(root):
    """How many operations the function takes, and how many its gradient does."""
    forward = backward = 0
    for node in autograd.topological_order(root):
        n = len(node.parents)
        if node.primitive is autograd.primitives.dot:  # n/2 products and their sum
            forward, backward = forward + n, backward + 2 * n
        elif n:
            forward, backward = forward + 1, backward + 4 * n
    return forward, forward + backward


sizes = [1, 2, 4, 8, 16, 32]
rows = []
for width in sizes:
    net = nn.MLP(4, [width, width, 1], seed=0)
    function, gradient = operations(net([0.1, 0.2, 0.3, 0.4]))
    rows.append((len(net.parameters()), gradient / function))
    print(f"{rows[-1][0]:>5} parameters: gradient / function = {gradient / function:.2f}")
assert all(ratio < 4 for _, ratio in rows)  # a small multiple, whatever the size

# %%
fig, ax = plt.subplots()
ax.loglog([p for p, _ in rows], [p + 1 for p, _ in rows], "s--", label="differences")
ax.loglog([p for p, _ in rows], [ratio for _, ratio in rows], "o-", label="backward pass")
ax.set(xlabel="parameters", title="cost of the gradient, in evaluations of the function")
ax.legend()
plt.show()

# %% [markdown]
# Operations are counted here and not seconds, because seconds differ from one machine to the next.
# Measure them as well:
#
# ```python
# import timeit
# net, x = nn.MLP(4, [32, 32, 1], seed=0), [0.1, 0.2, 0.3, 0.4]
# forward = min(timeit.repeat(lambda: net(x), number=50))
# both = min(timeit.repeat(lambda: net(x).backward(), number=50))
# both / forward
# ```
#
# ## Ten questions
#
# 1. $\partial J/\partial z$ is in both formulas at the top. What follows for the program?
# 2. Why is the pass called *back*ward: what would be wasted by going forward, one parameter at a
#    time?
# 3. What does a node have to remember, at least?
# 4. Which number does an engine without accumulation give for $d(a \cdot a)/da$ at $a = 3$?
# 5. Why is a topological order needed for `b = a + a; c = b + b`, and not for `b = a + a`?
# 6. Is there only one topological order?
# 7. Which nodes start afresh in a second pass, which collect, and why?
# 8. Why does recursion fail on a long sum, when the graph is perfectly fine?
# 9. A network has a million parameters. What does its gradient cost by differences, and by a
#    backward pass?
# 10. ReLU'($z$) is 0 for negative $z$. What does that mean for the weights of such a neuron, for
#     this example?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. Compute it once, and hand it on from stage to stage.
# 2. All factors near the end, which every parameter's derivative shares.
# 3. Its number, its parents, and either its local derivatives or what they are computed from.
# 4. 3: only the second of two visits counts.
# 5. There `a` is sent to twice but sends nothing on. In the longer one `b` must wait for both of
#    its 1s before it sends.
# 6. No; any that puts parents before children will do. To get the same bits in every run, an engine
#    fixes one.
# 7. Interior nodes start afresh, or their old gradients would be sent again. Leaves collect, so
#    that several losses add up.
# 8. Python allows about a thousand calls within calls, and the walk needs one for every node of the
#    chain.
# 9. A million and one evaluations; about the cost of a handful.
# 10. They get the gradient 0 and don't move: for this example the neuron is asleep.
# </details>
