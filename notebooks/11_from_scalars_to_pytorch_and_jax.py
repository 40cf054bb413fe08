# %% [markdown]
# # 11. From scalars to PyTorch and JAX
#
# You know now what happens inside. Usually we need not implement it ourselves: PyTorch, JAX and
# TensorFlow do it, for whole arrays at a time, on graphics cards, at enormous speed. They are the
# same idea as the `Value`. To see that, we build one network in five ways and compare the
# gradients: they must be equal.
#
# PyTorch and JAX are large and not needed for anything else here. Where they are not installed, the
# cells say so and the rest runs on. (`pip install torch jax`; what you see below was kept from a
# machine that has them.)

# %%
import importlib.util

import numpy as np
from exercises import check
from sketches import plt

import nn
from autograd import Graph, grad


def have(package):
    """Whether a package is installed; says so if not."""
    there = importlib.util.find_spec(package) is not None
    if not there:
        print(f"{package} is not installed: this cell has nothing to do")
    return there


# %% [markdown]
# ## The network, in Values
#
# Two inputs, eight tanh neurons, one output; 20 points of the moons; the mean squared error against
# −1 and 1.

# %%
data = nn.make_moons(20, noise=0.1, seed=0)
X = np.array(data.inputs)
y = np.array([2.0 * c - 1.0 for c in data.targets])

model = nn.MLP(2, [8, 1], activation="tanh", initializer="xavier", seed=0)
hidden, output = model.layers[0].neurons, model.layers[1].neurons[0]

predictions = [model(row) for row in data.inputs]
loss = nn.losses.mean_squared_error(predictions, y.tolist())
loss.backward()
f"loss {loss.data:.6f}, {len(model.parameters())} parameters, a graph of {len(Graph(loss))} nodes"

# %% [markdown]
# The weights of a layer are a **matrix**: a row for each neuron, a column for each input. Their
# gradients are a matrix of the same shape. (Of the 33 parameters 24 are weights. Those we compare;
# the biases go the same way.)

# %%
W1 = np.array([[w.data for w in neuron.w] for neuron in hidden])
b1 = np.array([neuron.b.data for neuron in hidden])
W2 = np.array([w.data for w in output.w])
b2 = output.b.data

dW1 = np.array([[w.grad for w in neuron.w] for neuron in hidden])
dW2 = np.array([w.grad for w in output.w])
W1.shape, dW1.shape, W2.shape


# %%
def compare(name, other_dW1, other_dW2):
    """Print how far another way's gradients are from ours."""
    other = np.concatenate([np.ravel(other_dW1), np.ravel(other_dW2)])
    ours = np.concatenate([dW1.ravel(), dW2.ravel()])
    furthest = np.max(np.abs(other - ours))
    assert furthest < 1e-12
    print(f"{name}: {len(ours)} gradients, equal to within 1e-12")


# %% [markdown]
# ## In NumPy, by hand
#
# All 20 examples at once: `X` has a row for each. Forward, a layer is one product of matrices.
# Backward, the formulas of [notebook 8](08_backpropagation.ipynb), where sums over examples have
# become products of matrices too.
#
# NumPy's signs: `A @ B` is the product of two matrices, or of a matrix and a vector, `A.T` is `A`
# turned on its side, `A * B` multiplies number by number, and `np.outer(u, v)` is the table with
# `u[i] * v[j]` in row i, column j.

# %%
A = np.tanh(X @ W1.T + b1)  # forward: 20 × 8
said = A @ W2 + b2  # 20
J = np.mean((said - y) ** 2)

d_said = 2 * (said - y) / len(y)  # backward
np_dW2 = d_said @ A
d_A = np.outer(d_said, W2)
np_dW1 = (d_A * (1 - A**2)).T @ X
compare("NumPy by hand", np_dW1, np_dW2)

# %% [markdown]
# ### Exercise 11.1
#
# The heart of all these libraries. A linear layer computes $y = Wx$, with $W$ a matrix and $x$ a
# vector. Given the gradient by $y$ (`upstream`), what are the gradients by $W$ and by $x$? Write a
# function of NumPy arrays that returns both. Shapes help: a gradient has the shape of what it
# belongs to.


# %%
def linear_backward(W, x, upstream):
    dW = ...
    dx = ...
    return dW, dx


answer = ...  # when you are done: answer = linear_backward
check("11.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def linear_backward(W, x, upstream):
#     dW = np.outer(upstream, x)  # W[i, j] sends x[j] to y[i]
#     dx = W.T @ upstream  # x[j] goes into every y[i], with W[i, j]
#     return dW, dx
#
#
# answer = linear_backward
# check("11.1", answer)
# ```
# </details>

# %% [markdown]
# ## In PyTorch
#
# A tensor with `requires_grad=True` is a Value that holds an array. The rest you know: operations
# record a graph, `backward()` walks it, `.grad` has the result, and it **adds**, so there is a
# `zero_grad()`.

# %%
if have("torch"):
    import torch

    t_W1, t_b1, t_W2 = (torch.tensor(a, requires_grad=True) for a in (W1, b1, W2))
    t_A = torch.tanh(torch.tensor(X) @ t_W1.T + t_b1)
    t_said = t_A @ t_W2 + b2
    t_loss = torch.mean((t_said - torch.tensor(y)) ** 2)
    t_loss.backward()
    compare("PyTorch", t_W1.grad.numpy(), t_W2.grad.numpy())

# %% [markdown]
# Its graph can be looked at as well. Each tensor knows what made it, as a Value does by
# `value.primitive` and `value.parents`. From the loss back, always to the first parent (`Mm` and `Mv`
# are the products, matrix by matrix and matrix by vector):

# %%
if have("torch"):
    node, names = t_loss.grad_fn, []
    while node is not None:
        names.append(type(node).__name__)
        node = node.next_functions[0][0] if node.next_functions else None
    print(" <- ".join(names))

# %% [markdown]
# And with PyTorch's ready-made parts it looks like `nn` here, because `nn` here was made to look
# like it:

# %%
if have("torch"):
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
    ).double()
    with torch.no_grad():
        for parameter, numbers in zip(net.parameters(), (W1, b1, W2[None, :], [b2])):
            parameter.copy_(torch.tensor(np.array(numbers)))
    torch.nn.functional.mse_loss(net(torch.tensor(X))[:, 0], torch.tensor(y)).backward()
    compare("torch.nn", net[0].weight.grad.numpy(), net[2].weight.grad.numpy())

# %% [markdown]
# ### Exercise 11.2
#
# In PyTorch: `x = torch.tensor(3.0, requires_grad=True)`, `y = x * x`, then
# `y.backward(retain_graph=True)` and once more `y.backward()`. What is `x.grad`? (PyTorch throws a
# graph away after its backward pass, unless told to retain it.)

# %%
answer = ...
check("11.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = 12  # leaves collect: 6 + 6
# check("11.2", answer)
# ```
# </details>

# %% [markdown]
# ## In JAX
#
# JAX has no Values to hold. It turns **functions** into functions, as `autograd.grad` does; arrays
# stay arrays.

# %%
if have("jax"):
    import jax

    jax.config.update("jax_enable_x64", True)  # 64-bit floats, as everywhere here

    def jax_loss(W1, W2):
        A = jax.numpy.tanh(X @ W1.T + b1)
        return jax.numpy.mean((A @ W2 + b2 - y) ** 2)

    compare("JAX", *jax.grad(jax_loss, argnums=(0, 1))(W1, W2))

# %% [markdown]
# The fifth way is JAX's way in the engine of this repository: the network as a function of its
# parameters.


# %%
def our_loss(parameters):
    twin = model.with_parameters(parameters)
    said = [twin(row) for row in data.inputs]
    return nn.losses.mean_squared_error(said, y.tolist())


numbers = grad(our_loss)([p.data for p in model.parameters()])
assert numbers == [p.grad for p in model.parameters()]
"equal to the last bit"

# %% [markdown]
# ## Training, side by side
#
# Not only one gradient: fifty steps of gradient descent, in Values and in PyTorch. The losses lie
# on each other.

# %%
optimizer = nn.SGD(model.parameters(), lr=0.2)
ours = []
for _ in range(50):
    loss = nn.losses.mean_squared_error([model(row) for row in data.inputs], y.tolist())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    ours.append(loss.data)
f"{ours[0]:.6f} -> {ours[-1]:.6f}"

# %%
if have("torch"):
    t_optimizer = torch.optim.SGD(net.parameters(), lr=0.2)
    theirs = []
    for _ in range(50):
        t_loss = torch.nn.functional.mse_loss(net(torch.tensor(X))[:, 0], torch.tensor(y))
        t_optimizer.zero_grad()
        t_loss.backward()
        t_optimizer.step()
        theirs.append(t_loss.item())
    assert max(abs(a - b) for a, b in zip(ours, theirs)) < 1e-10
    plt.plot(ours, linewidth=5, alpha=0.4, label="Values")
    plt.plot(theirs, "--", label="PyTorch")
    plt.legend()
    plt.title("loss")
    plt.show()

# %% [markdown]
# ## What is different, then?
#
# **Size of a node.** Our graph has hundreds of nodes with a number each; PyTorch's has a handful
# with an array each. The work per node is the same for every number in it, and that is what
# processors and graphics cards are good at.

# %%
for count in (20, 200):
    more = nn.make_moons(count, seed=0)
    big = nn.losses.mean_squared_error([model(row) for row in more.inputs], more.targets)
    print(f"{count:4} examples: {len(Graph(big)):6} scalar nodes, and about 8 of arrays")

# %% [markdown]
# **Compiling.** `jax.jit` and `torch.compile` look at the whole program, fuse operations and leave
# out what is not needed.
#
# **Everything around**: convolutions, attention, data loaders, many machines, thousands of models
# to start from.
#
# What is **not** different: the graph, the order, the local derivatives, the adding up. Here is the
# dictionary:
#
# | here | PyTorch | JAX | TensorFlow |
# |---|---|---|---|
# | `Value(2.0)` | `torch.tensor(2.0, requires_grad=True)` | a number | `tf.Variable(2.0)` |
# | `y.backward()`, `x.grad` | the same | | `tape.gradient(y, x)` |
# | `grad(f)(x)` | `torch.func.grad(f)(x)` | `jax.grad(f)(x)` | |
# | `vjp`, `jvp`, `hessian` | in `torch.func` | in `jax` | |
# | `no_grad()`, `x.detach()` | the same | `jax.lax.stop_gradient` | `tf.stop_gradient` |
# | `autograd.primitive` | `torch.autograd.Function` | `jax.custom_vjp` | `tf.custom_gradient` |
# | `check_grads` | `torch.autograd.gradcheck` | `jax.test_util.check_grads` | |
# | `nn.MLP`, `nn.Adam` | `torch.nn`, `torch.optim` | Flax or Equinox, Optax | Keras |

# %% [markdown]
# ### Exercise 11.3
#
# A network for handwritten digits: 784 inputs, 100 hidden neurons, 10 outputs. How many
# multiplications of a weight by an input does one forward pass take, for one image? And how many
# weights' gradients does one backward pass give?

# %%
answer = ...
check("11.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [784 * 100 + 100 * 10, 784 * 100 + 100 * 10]  # each weight is used once
# check("11.3", answer)
# ```
# </details>

# %% [markdown]
# ## Where to read on
#
# - [CS231n, "Backpropagation, intuitions"](https://cs231n.github.io/optimization-2/) and the notes
#   around it
# - [CS229's notes on deep learning](https://cs229.stanford.edu/): backpropagation with vectors, and
#   its cost
# - Andrej Karpathy, [micrograd](https://github.com/karpathy/micrograd) and the lecture that builds
#   it
# - [Autodidax](https://docs.jax.dev/en/latest/autodidax.html): JAX from scratch, in one file
# - Baydin, Pearlmutter, Radul and Siskind, "Automatic differentiation in machine learning: a
#   survey", 2018
#
# And the source of this engine, which you can read in an evening: [value.py](../autograd/value.py),
# [reverse.py](../autograd/reverse.py), [primitives.py](../autograd/primitives.py).
#
# ## Ten questions
#
# 1. What is a tensor with `requires_grad=True`, in the words of this course?
# 2. Why has the gradient of a matrix the matrix's shape?
# 3. What is the backward pass of $y = Wx$?
# 4. Why do PyTorch's training loops call `zero_grad()`?
# 5. In what do PyTorch and JAX differ, as seen by somebody who uses them?
# 6. NumPy's, PyTorch's and JAX's gradients agree with ours to within 1e-12, not to the last bit. Why?
# 7. Why is a graph of arrays so much faster than one of numbers?
# 8. What does `jax.jit` do that an eager engine can't?
# 9. You invent an operation. What must you tell PyTorch about it?
# 10. Explain backpropagation to a friend, in five sentences.

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. A Value that holds an array.
# 2. It has one number for each number of the matrix: how much the result changes with it.
# 3. The outer product of upstream and x for W, and Wᵀ times upstream for x.
# 4. Leaves collect, there as here.
# 5. PyTorch records what you do and puts gradients into tensors; JAX turns functions into
#    functions.
# 6. Sums are added up in another order, and floats round.
# 7. One step of the interpreter does the work for thousands of numbers, all alike.
# 8. See the whole program before it runs: fuse, reorder, leave out.
# 9. Its value, and how to turn the gradient by its result into those by its inputs.
# 10. Numbers flow through small operations, and the graph of them is kept. The result changes with
#     itself at the rate 1. From the end to the start, each operation multiplies the rate that
#     arrives by its own local derivative and hands it to its inputs. Where several paths meet, the
#     rates are added. At the inputs stands, for each, how much the result changes with it.
# </details>
