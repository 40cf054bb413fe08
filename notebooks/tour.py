# %% [markdown]
# # A tour
#
# Twenty minutes through everything that stands here: a number that remembers, a graph, backpropagation by
# hand and by machine, a neuron, training, checking. Run the cells from top to bottom; change the numbers.

# %%
from autograd import Value, check_grads, draw, grad, tanh

# %% [markdown]
# ## A Value
#
# A `Value` is a number. It can be computed with like any number, and it remembers what was computed.

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
# What it remembers is a graph: `f` was made by a multiplication from `q` and `z`, and `q` by an addition from
# `x` and `y`.

# %%
f.primitive.name, [parent.label for parent in f.parents]

# %%
draw(f)

# %% [markdown]
# A dash stands where a gradient would be: nothing has been differentiated yet. That is not the same as 0.
#
# ## Backwards by hand
#
# How much does `f` change when an input changes a little? Start at the end: `f` changes by 1 when `f` changes
# by 1. Then go from each node to its parents, and multiply by the local derivative.

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
# `backward()` does the same steps in the same order, and leaves each node's gradient in `.grad`.

# %%
f.backward()
x.grad, y.grad, z.grad

# %%
draw(f, partials=True)

# %% [markdown]
# Is it right? Move `x` a little and look. The quotient of the two changes is close to the gradient.

# %%
h = 1e-6
moved = ((x.data + h) + y.data) * z.data
(moved - f.data) / h

# %% [markdown]
# ## When a number is used twice
#
# Both uses count, so their gradients are added. The graph has two edges from `a` to `a * a`.

# %%
a = Value(3.0, label="a")
b = a * a + a
b.backward()
a.grad  # 2a + 1

# %% [markdown]
# ## A neuron
#
# A neuron multiplies its inputs by weights, adds a bias, and bends the sum. This one is from a well-known
# lecture: with this bias its output is √½.

# %%
inputs = [Value(2.0, label="x₁"), Value(0.0, label="x₂")]
weights = [Value(-3.0, label="w₁"), Value(1.0, label="w₂")]
bias = Value(6.8813735870195432, label="b")
output = tanh(weights[0] * inputs[0] + weights[1] * inputs[1] + bias)
output.backward()
output.data, [w.grad for w in weights]

# %%
draw(output)

# %% [markdown]
# ## Functions of functions
#
# `grad` turns a function into the function of its derivative. It can be applied again.

# %%
tanh(0.3), grad(tanh)(0.3), grad(grad(tanh))(0.3)

# %% [markdown]
# ## Training a network
#
# The same graph, larger: a network of Values that tells two half moons apart. Its loss is one `Value`; its
# parameters go a step against their gradients, again and again.

# %%
import nn

points, labels = nn.make_moons(60, noise=0.1, seed=1)
model = nn.MLP(2, [8, 8, 1], activation="tanh", seed=2)
history = nn.fit(
    model,
    (points, labels),
    loss=nn.binary_cross_entropy,
    optimizer=nn.Adam(model.parameters(), lr=0.05),
    epochs=30,
    batch_size=20,
    seed=3,
    progress=False,
)
f"{history.loss[0]:.3f} -> {history.loss[-1]:.3f}"

# %%
nn.plots.decision_boundary(model, points, labels);

# %% [markdown]
# ## Checking a gradient
#
# Any function's gradient can be compared with finite differences.

# %%
print(check_grads(lambda u, v: tanh(u * v) + u**3, [0.5, -1.5]))
