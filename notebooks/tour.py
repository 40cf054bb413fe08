# %% [markdown]
# # A tour
#
# Twenty minutes through everything that stands here: a number that remembers, a graph,
# backpropagation by hand and by machine, a neuron, training, checking. Run the cells from top to
# bottom; change the numbers and run them again.

# %%
import math

from sketches import plt

import nn
from autograd import Value, check_grads, draw, grad, step, tanh

# %% [markdown]
# ## A Value
#
# A `Value` is a number. You can compute with it as with any number, and it remembers what you did.

# %%
x = Value(-2.0, label="x")
y = Value(5.0, label="y")
z = Value(-4.0, label="z")
q = x + y
q.label = "q"
f = q * z
f.label = "f"
f

# %% [markdown]
# What it remembers is a graph. `f` was made by a multiplication, from `q` and `z`; `q` by an
# addition, from `x` and `y`.

# %%
f.primitive.name, [parent.label for parent in f.parents]

# %%
draw(f)

# %% [markdown]
# A dash stands where a gradient would be: nothing has been differentiated yet. That is not the same
# as 0, though `.grad` reads 0.0 as long as nothing has arrived.
#
# ## Backwards by hand
#
# How much does `f` change when an input changes a little? Start at the end: `f` changes by 1 when
# `f` changes by 1. Then go from each node to its parents, and multiply by the local derivative.

# %%
df_df = 1.0
df_dq = z.data * df_df  # f = q · z, so ∂f/∂q = z
df_dz = q.data * df_df  # and ∂f/∂z = q
df_dx = 1.0 * df_dq  # q = x + y, so ∂q/∂x = 1
df_dy = 1.0 * df_dq
df_dx, df_dy, df_dz

# %% [markdown]
# ## Backwards by machine
#
# `backward()` takes the same steps in the same order, and leaves each node's gradient in `.grad`.

# %%
f.backward()
assert (x.grad, y.grad, z.grad) == (df_dx, df_dy, df_dz)
x.grad, y.grad, z.grad

# %% [markdown]
# Now the picture has gradients. On each arrow stands the local derivative, of the node it leads to
# by the node it comes from.

# %%
draw(f, partials=True)

# %% [markdown]
# Or step through it, forwards and backwards, with the buttons or the arrow keys:

# %%
step(f)

# %% [markdown]
# Is it right? Move `x` a little and look. The quotient of the two changes is close to the gradient.

# %%
h = 1e-6
moved = ((x.data + h) + y.data) * z.data
round((moved - f.data) / h, 6)

# %% [markdown]
# ## When a number is used twice
#
# Both uses count, so what comes back along the two arrows is added. Here `a * a + a` has the
# derivative `2a + 1`, which is 7 at 3.

# %%
a = Value(3.0, label="a")
b = a * a + a
b.backward()
a.grad

# %%
draw(b, partials=True)

# %% [markdown]
# ## A neuron
#
# A neuron multiplies its inputs by weights, adds a bias, and bends the sum. This one is the neuron
# of Andrej Karpathy's micrograd lecture; with this bias its output is √½.

# %%
x1, x2 = Value(2.0, label="x₁"), Value(0.0, label="x₂")
w1, w2 = Value(-3.0, label="w₁"), Value(1.0, label="w₂")
bias = Value(6.8813735870195432, label="b")
output = tanh(w1 * x1 + w2 * x2 + bias)
output.backward()
assert math.isclose(output.data, math.sqrt(0.5))
f"output {output.data:.4f}, gradients {w1.grad:.4f} of w₁ and {w2.grad:.4f} of w₂"

# %%
draw(output, parameters=[w1, w2, bias])

# %% [markdown]
# The gradient of `w₂` is 0: its input `x₂` is 0, so no small change of `w₂` changes anything.
#
# ## Functions from functions
#
# `grad` turns a function into the function of its derivative. That can be differentiated again.

# %%
slope = grad(tanh)
curvature = grad(slope)
[round(g(0.3), 6) for g in (tanh, slope, curvature)]

# %% [markdown]
# ## Training a network
#
# The same graph, larger. A network of Values shall tell two half moons apart. Its loss is one
# `Value`, so one backward pass gives the gradient of all its parameters, and each goes a small step
# against its own. Again and again: that is training.

# %%
data = nn.make_moons(60, noise=0.1, seed=1)
model = nn.MLP(2, [8, 8, 1], activation="tanh", seed=2)
history = nn.fit(
    model,
    data,
    loss=nn.losses.binary_cross_entropy,
    optimizer=nn.Adam(model.parameters(), lr=0.05),
    epochs=40,
    progress=False,
)
print(f"{len(model.parameters())} parameters")
print(f"loss {history.loss[0]:.3f} -> {history.loss[-1]:.3f}")
print(f"right: {history.score[0]:.0%} -> {history.score[-1]:.0%}")

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3))
nn.plots.loss_curve(history, ax=left)
nn.plots.decision_boundary(model, data, ax=right, steps=40)
right.set_title("where the network says 0 and 1")
plt.show()

# %% [markdown]
# Look inside. The graph of one answer has 140 nodes, and nobody wants to see them all at once, so each
# layer is a box with its totals. One of them, opened:

# %%
draw(model, data.inputs[0])

# %%
draw(model, data.inputs[0], expand="MLP/layers.2/neurons.0")

# %% [markdown]
# ## Checking a gradient
#
# Any function's gradient can be compared with differences, as you did above, only more carefully.
# Where mpmath is installed, each rule is also judged exactly.

# %%
report = check_grads(lambda u, v: tanh(u * v) + u**3, (0.5, -1.5))
print(report)

# %% [markdown]
# ## Where to go from here
#
# - [1. What a neural network is](01_what_a_neural_network_is.ipynb) begins the course: eleven
#   notebooks, from one neuron to networks that you train and look into.
# - [7. The chain rule on circuits](07_the_chain_rule_on_circuits.ipynb) if backpropagation is what
#   you came for, and then
#   [8. Backpropagation](08_backpropagation.ipynb), in which you write this engine yourself.
# - `help(Value)` for what a Value can do.
