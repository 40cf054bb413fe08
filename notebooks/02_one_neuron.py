# %% [markdown]
# # 2. One neuron and its activations
#
# All networks are made of one part. It takes some numbers, weighs them, adds them up, and bends the
# sum:
#
# $$y_1 = g(w_{11} x_1 + w_{12} x_2 + w_{13} x_3 + w_{14} x_4 + b_1)$$
#
# The $w$ are its **weights**, $b$ its **bias**, $g$ its **activation**. Here you take the part in
# your hand.

# %%
import math

from exercises import check
from sketches import COLOURS, curves, live, plt

import autograd
import nn
from autograd import Value, draw, relu, sigmoid, tanh

# %% [markdown]
# ## Weigh and add
#
# Four inputs, four weights, a bias. A weight says how much its input matters, and its sign whether
# it speaks for or against.

# %%
inputs = [1.0, 0.5, -2.0, 3.0]
weights = [0.4, -1.0, 0.3, 0.2]
bias = 0.5

z = sum(w * x for w, x in zip(weights, inputs)) + bias
round(z, 4)

# %% [markdown]
# ## Bend
#
# The sum can be any number. The activation makes something else of it. Three are all you need to
# know for now:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} \qquad \mathrm{ReLU}(z) = \max(0, z) \qquad \tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}$$

# %%
activations = {"sigmoid": sigmoid, "ReLU": relu, "tanh": tanh}
fig, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3))
curves(activations, -5, 5, left).set(title="g(z)", ylim=(-1.2, 3), xlabel="z")
slopes = {f"{name}'": autograd.grad(g) for name, g in activations.items()}  # grad(g) is g'
curves(slopes, -5, 5, right).set(title="its derivative", xlabel="z")
plt.show()

# %% [markdown]
# - **Sigmoid** goes from 0 to 1: a probability, or a switch that is not abrupt.
# - **tanh** goes from −1 to 1. It is a sigmoid, stretched: $\tanh(z) = 2\sigma(2z) - 1$.
# - **ReLU** lets positive numbers through and stops the others. It is the simplest, the quickest,
#   and what most networks use.

# %%
assert all(math.isclose(tanh(z), 2 * sigmoid(2 * z) - 1) for z in (-3.0, -0.2, 0.7, 2.5))
for name, g in activations.items():
    print(f"{name:8} {g(z):.4f}")

# %% [markdown]
# Why bend at all? Because a weighted sum of weighted sums is only a weighted sum: without a bend, a
# hundred layers could do no more than one.
#
# ### Exercise 2.1
#
# A ReLU neuron has the weights 2 and −1 and the bias 0.5. What does it give for the inputs (1, 2),
# for (0, 3), and for (−1, −4)? Give three numbers.

# %%
answer = ...
check("2.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [0.5, 0, 2.5]  # the sums are 0.5, -2.5 and 2.5
# check("2.1", answer)
# ```
# </details>

# %% [markdown]
# ## The slopes matter
#
# Look at the derivatives in the picture on the right. Learning sends gradients back through them,
# as factors.
#
# - sigmoid' is at most 1/4, and almost 0 beyond ±5. There the neuron is **saturated**: whatever you
#   do to its input, the output hardly moves, and hardly any gradient comes back.
# - tanh' is 1 in the middle. It saturates as well.
# - ReLU' is 1 or 0. Nothing fades, but a neuron whose sum is negative for all examples gets no
#   gradient at all, ever: it is **dead**. (At 0 itself ReLU has a kink and no derivative; 0 is
#   taken.)

# %%
for z in (0.0, 2.0, 5.0, 10.0):
    row = [f"{name}' {autograd.grad(g)(z):.6f}" for name, g in activations.items()]
    print(f"z = {z:4}:  " + "   ".join(row))

# %% [markdown]
# ## A neuron of Values
#
# The neuron of Andrej Karpathy's lecture on micrograd, a small engine like this one: two inputs,
# tanh, and a bias chosen so that the numbers come out nicely. `o.backward()` finds the derivative of
# `o` by every Value that it was computed from, and leaves it there as `grad`.

# %%
x1, x2 = Value(2.0, label="x₁"), Value(0.0, label="x₂")
w1, w2 = Value(-3.0, label="w₁"), Value(1.0, label="w₂")
b = Value(6.8813735870195432, label="b")
o = tanh(x1 * w1 + x2 * w2 + b)
o.label = "o"
o.backward()
assert round(o.data, 4) == 0.7071
assert [round(v.grad, 4) for v in (x1, w1, x2, w2)] == [-1.5, 1.0, 0.5, 0.0]
draw(o, parameters=[w1, w2, b])

# %% [markdown]
# The green numbers are gradients: by how many times a small change of this number changes the
# output.
# `w₂` has 0, because it is multiplied by `x₂`, which is 0. A weight whose input is silent learns
# nothing. (How these numbers are found is the matter of [notebook
# 7](07_the_chain_rule_on_circuits.ipynb).)
#
# `nn.Neuron` is the same part, ready made. It starts with random weights:

# %%
neuron = nn.Neuron(2, activation="tanh", seed=1)
y = neuron([2.0, 0.0])
neuron, round(y.data, 4), [round(w.data, 4) for w in neuron.w]

# %% [markdown]
# ## A price that can't be negative
#
# CS229's notes on deep learning begin with one neuron: the price of a house from its size. A
# straight line would give tiny houses a negative price. A ReLU does not: price = max(0, w · size +
# b).

# %%
price = nn.Neuron(1, activation="relu", seed=0)
price.w[0].data, price.b.data = 2.5, -100.0  # thousands for a square metre, thousands
curves({"price": lambda size: price([size]).data}, 0, 200).set(
    xlabel="size in m²", ylabel="price in thousands", title="max(0, 2.5 · size − 100)"
)
plt.show()

# %% [markdown]
# ## A neuron divides the plane
#
# With two inputs, $w_1 x_1 + w_2 x_2 + b = 0$ is a straight line. On one side of it the sum is
# positive, on the other negative. The weights are an arrow at right angles to the line, towards the
# positive side (orange here); the bias shifts the line. Turn and shift it yourself:

# %%
corners = [(0, 0), (0, 1), (1, 0), (1, 1)]


def show_line(w1, w2, b):
    xs = [-0.5 + i / 20 for i in range(41)]
    plt.figure(figsize=(3.4, 3.4))
    heights = [[sigmoid(w1 * x + w2 * y + b) for x in xs] for y in xs]
    plt.contourf(xs, xs, heights, levels=[0, 0.5, 1], colors=COLOURS[:2], alpha=0.3)
    for x, y in corners:
        on = w1 * x + w2 * y + b > 0
        plt.plot(x, y, "s" if on else "o", color=COLOURS[on])
    plt.quiver(0.5, 0.5, w1, w2, angles="xy", scale_units="xy", scale=6, width=0.012)
    plt.title(f"{w1:.1f} x₁ + {w2:.1f} x₂ {b:+.1f}")
    plt.show()


live(show_line, w1=(2.0, -4, 4), w2=(2.0, -4, 4), b=(-1.0, -6, 6))

# %% [markdown]
# With 2, 2 and −1 the neuron says yes when $x_1$ **or** $x_2$ is 1. Logic is geometry.
#
# ### Exercise 2.2
#
# Find weights and a bias for **and**: the sum is positive for (1, 1) only. Give $[w_1, w_2, b]$.
# There are many right answers.

# %%
answer = ...
check("2.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [1, 1, -1.5]
# check("2.2", answer)
# ```
# </details>

# %% [markdown]
# Now try **xor**: yes for (0, 1) and (1, 0), no for the two others. It can't be done: no straight
# line has those two corners on one side and the others on the other. For some years after 1969, when
# Minsky and Papert wrote a book about such limits, that was taken for the end of neural networks. Two neurons and one behind them do it, as [notebook
# 1](01_what_a_neural_network_is.ipynb) shows.
#
# ### Exercise 2.3
#
# A **leaky** ReLU lets a little of the negative through, so that no neuron dies: $z$ for positive
# $z$, and $0.1 z$ otherwise. Write it with `autograd.where(condition, a, b)`, which is `a` where the
# condition holds and `b` elsewhere, and works on Values.


# %%
def leaky(z):
    return ...


answer = ...  # when you are done: answer = leaky
check("2.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def leaky(z):
#     return autograd.where(z > 0, z, 0.1 * z)
#
#
# answer = leaky
# check("2.3", answer)
# ```
# </details>

# %% [markdown]
# ## More bends
#
# There are dozens of activations. Newer ones are smooth versions of ReLU. All of them are in
# `autograd`; the choice matters less than one might think. (The ready-made leaky ReLU lets only 0.01
# of the negative through: in the picture it is hard to tell from ReLU.)

# %%
newer = {
    "ReLU": relu,
    "leaky ReLU": autograd.leaky_relu,
    "softplus": autograd.softplus,
    "silu": autograd.silu,
    "gelu": autograd.gelu,
}
curves(newer, -4, 4)
plt.show()

# %% [markdown]
# ## Ten questions
#
# 1. What does a weight of 0 mean? A negative one?
# 2. What is the bias good for? Which line does a neuron without one draw?
# 3. Why must the activation not be a straight line?
# 4. What are σ(0), tanh(0) and ReLU(0)?
# 5. What is the largest slope of the sigmoid, and where?
# 6. What does "saturated" mean, and why is it bad for learning?
# 7. How does a ReLU neuron die?
# 8. An input is 0 in an example. What is the gradient of its weight?
# 9. What shape divides yes from no for a neuron with two inputs? With three?
# 10. Why can no single neuron compute xor?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. Its input does not matter; it speaks against.
# 2. It moves the threshold. Without it the line goes through the origin.
# 3. Lines of lines are lines: all layers together would be one.
# 4. 0.5, 0 and 0.
# 5. 1/4, at z = 0.
# 6. It is so far out that its slope is nearly 0; the gradient that comes back is multiplied by
#    that.
# 7. Its sum is negative for all examples, so its slope is 0 for all, and nothing ever changes it.
# 8. 0: a small change of the weight is multiplied by 0.
# 9. A straight line; a plane.
# 10. The yes corners can't be parted from the no corners by one straight line.
# </details>
