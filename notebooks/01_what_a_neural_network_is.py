# %% [markdown]
# # 1. What a neural network is
#
# A neural network is a function with many knobs. Numbers go in, numbers come out, and what comes
# out depends on how the knobs are set. Nobody sets them by hand: they are turned by a program, a
# little at a time, until the function does what examples show. That is all. The rest of this course
# is about how.
#
# How to use these notebooks: run the cells from top to bottom (Shift-Enter), change numbers and run
# them again, and do the exercises before you open a solution. Twenty to forty minutes each. Code
# that trains or plots may be passed over for now: its words (`Adam`, `lr`, `epochs`) are explained
# where they are needed, most of them in [notebook 6](06_gradient_descent.ipynb).

# %%
import math

from exercises import check
from sketches import curves, plt

import nn
from autograd import Value, draw, relu

# %% [markdown]
# ## Two questions
#
# Nearly everything that networks do is one of two things.
#
# **Regression**: how much? From the size of a house, its price; from today's weather, tomorrow's
# temperature. The answer is a number.
#
# **Classification**: which? From a picture, cat or dog; from a mail, spam or not. The answer is one
# of a few classes.
#
# Here is one example of each: points, and the function that a small network has found from them.
# (You will train these yourself in the notebooks [3](03_regression.ipynb) and
# [4](04_classification.ipynb).)

# %%
xs = [[-3 + i / 5] for i in range(31)]
ys = [math.sin(x) + 0.1 * math.cos(9 * x) for (x,) in xs]
waves = nn.Dataset(xs, ys, ["x"])
regressor = nn.MLP(1, [8, 1], activation="tanh", seed=1)
nn.fit(
    regressor,
    waves,
    nn.losses.mean_squared_error,
    nn.Adam(regressor.parameters(), lr=0.05),
    epochs=200,
    progress=False,
)
moons = nn.make_moons(60, noise=0.1, seed=1)
classifier = nn.MLP(2, [8, 1], activation="tanh", seed=7)
optimizer = nn.Adam(classifier.parameters(), lr=0.1)
history = nn.fit(
    classifier, moons, nn.losses.binary_cross_entropy, optimizer, epochs=60, progress=False
)

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3))
left.plot(xs, ys, "o", markersize=3)
left.plot(xs, nn.predict(regressor, xs))
left.set_title("regression: how much?")
nn.plots.decision_boundary(classifier, moons, ax=right, steps=40)
right.set_title("classification: which?")
plt.show()

# %% [markdown]
# ## One neuron
#
# A network is made of **neurons**. A neuron multiplies each input by a **weight**, adds the
# products and a **bias**, and bends the sum with a function $g$:
#
# $$y_1 = g(w_{11} x_1 + w_{12} x_2 + w_{13} x_3 + w_{14} x_4 + b_1)$$
#
# The weights and the bias are its knobs. ($w_{13}$ belongs to neuron 1 and input 3.) A good $g$ is
# ReLU: $\mathrm{ReLU}(z) = \max(0, z)$. Where the sum is negative it gives 0, and we say that the
# neuron *sleeps*; where the sum is positive it is *awake*.


# %%
def neuron(x, w, b):
    """ReLU of the weighted sum."""
    return relu(sum(wi * xi for wi, xi in zip(w, x)) + b)


neuron(x=[1.0, 2.0, 3.0, 4.0], w=[0.5, -1.0, 0.0, 0.5], b=0.25)

# %% [markdown]
# What might the numbers mean? The notes of CS229, Stanford's course on machine learning, tell the
# price of a house like this. We know its size, the number of bedrooms, the postcode and the wealth of the neighbourhood. One neuron could combine
# size and bedrooms into "how large a family fits in"; a second, postcode into "how far one walks to
# the shops"; a third, postcode and wealth into "how good the schools are". And one more neuron
# makes the price out of these three.
#
# The three in the middle are **hidden** neurons: they stand neither at the input nor at the output.
# In a real network nobody tells them what to mean. They become whatever is useful.
#
# ## A network by hand
#
# Two inputs, two hidden neurons, one output without a bend. We set the knobs ourselves:


# %%
def network(x1, x2):
    h1 = relu(x1 + x2)
    h2 = relu(x1 + x2 - 1)
    return h1 - 2 * h2


for x1 in (0, 1):
    for x2 in (0, 1):
        print(f"{x1} {x2} -> {network(x1, x2):.0f}")

# %% [markdown]
# It computes **xor**: 1 if exactly one input is 1. [One neuron alone can't](02_one_neuron.ipynb),
# two layers can. Here it is as a picture, at (1, 1). A `Value` is a number that remembers how it was
# computed; `draw` shows that. Follow `data` from the inputs to the output (`grad` is for later):

# %%
draw(network(Value(1.0, label="x₁"), Value(1.0, label="x₂")))

# %% [markdown]
# ### Exercise 1.1
#
# What does `network` give for the inputs 0.5 and 0.25? And for 2 and 1? Work it out by hand; give
# two numbers.

# %%
answer = ...
check("1.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [0.75, -1]  # h1 = 0.75, h2 = 0; and h1 = 3, h2 = 2, so 3 - 4
# check("1.1", answer)
# ```
# </details>

# %% [markdown]
# ### Exercise 1.2
#
# Two hidden ReLU neurons with one input and without biases, and an output that adds them up:
# $v_1\,\mathrm{ReLU}(w_1 x) + v_2\,\mathrm{ReLU}(w_2 x)$. Choose $[w_1, w_2, v_1, v_2]$ so that the
# network computes the absolute value $|x|$.

# %%
answer = ...
check("1.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [1, -1, 1, 1]  # one neuron for positive x, one for negative
# check("1.2", answer)
# ```
# </details>

# %% [markdown]
# ## What bends are good for
#
# A ReLU neuron of one input is a line with one bend. Add a few of them, each bent at another place,
# and you can follow any curve, as closely as you like, if you have enough. Here are 1, 3 and 10
# hidden neurons, fitted to a wave:

# %%
fig, axes = plt.subplots(1, 3, figsize=(9, 2.4), sharey=True)
for ax, hidden in zip(axes, (1, 3, 10)):
    model = nn.MLP(1, [hidden, 1], initializer="he", seed=7)
    for i, unit in enumerate(model.layers[0].neurons):
        unit.b.data = unit.w[0].data * (2.5 - 5 * (i + 0.5) / hidden)  # bends spread out
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    nn.fit(model, waves, nn.losses.mean_squared_error, optimizer, epochs=250, progress=False)
    ax.plot(xs, ys, "o", markersize=2)
    ax.plot(xs, nn.predict(model, xs))
    ax.set_title(f"{hidden} hidden, {len(model.parameters())} knobs")
plt.show()

# %% [markdown]
# Without bends it would not work: a sum of straight lines is a straight line, however many there
# are.
#
# ## Layers
#
# Neurons that look at the same inputs form a **layer**. In a **multilayer perceptron** (MLP) each
# layer looks at the outputs of the one before. `nn.MLP(3, [4, 4, 1])` has three inputs, two hidden
# layers of four neurons, and one output.

# %%
model = nn.MLP(3, [4, 4, 1], seed=0)
nn.plots.network(model, ax=plt.subplots(figsize=(5, 2.8))[1])
plt.show()

# %% [markdown]
# Every line is a weight: blue and solid if it is positive, orange and dashed if negative. Weights
# and biases together are the network's **parameters**, its knobs.
#
# ### Exercise 1.3
#
# How many parameters does this network have? Count before you ask the computer.

# %%
answer = ...
check("1.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = 4 * (3 + 1) + 4 * (4 + 1) + 1 * (4 + 1)  # 41
# check("1.3", answer)
# ```
# </details>

# %% [markdown]
# ## Learning, in one picture
#
# At first the knobs are set at random, and the answers are nonsense. Then, many times over:
#
# 1. show examples, and measure how wrong the answers are: one number, the **loss** ([notebook
#    5](05_cost_functions.ipynb));
# 2. find out, for every knob, whether the loss gets smaller when it is turned a little to the left
#    or to the right: the **gradient** ([notebooks 7](07_the_chain_rule_on_circuits.ipynb) and
#    [8](08_backpropagation.ipynb));
# 3. turn every knob a little in the good direction: **gradient descent** ([notebook
#    6](06_gradient_descent.ipynb)).
#
# This is the classifier from the top, before training, on the way, and at the end:

# %%
fig, axes = plt.subplots(1, 4, figsize=(9, 2.3))
for ax, epochs in zip(axes, (0, 5, 15, 60)):
    model = nn.MLP(2, [8, 1], activation="tanh", seed=7)
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    if epochs:
        nn.fit(model, moons, nn.losses.binary_cross_entropy, optimizer, epochs, progress=False)
    share = nn.accuracy(nn.predict(model, moons.inputs), moons.targets)
    nn.plots.decision_boundary(model, moons, ax=ax, steps=30)
    ax.set(title=f"{epochs} steps: {share:.0%} right", xlabel="", ylabel="")
    ax.get_legend().remove()
plt.show()

# %% [markdown]
# Nobody told it what a moon is. It has seen 60 points and turned 33 knobs.
#
# ## What it is not
#
# The name comes from brains, and the likeness ends with the name: a network is a formula. It does
# not understand, and outside of what its examples cover it says *something* all the same. Here is
# the wave again, seen from further away:

# %%
ax = curves({"what it says": lambda x: nn.predict(regressor, [[x]])[0]}, -9, 9)
ax.plot(xs, ys, "o", markersize=2, label="what it has seen")
ax.legend()
plt.show()

# %% [markdown]
# ## Ten questions
#
# 1. What goes into a neural network, and what comes out?
# 2. What are its knobs called, and which two kinds are there?
# 3. Give an example of regression and one of classification from your own day.
# 4. What does a neuron compute, step by step?
# 5. What is a hidden neuron? Who decides what it means?
# 6. How many parameters has a neuron with 10 inputs?
# 7. Why must there be a bend in it?
# 8. A network of 3 ReLU neurons and a linear output, with one input: how many bends can its curve
#    have at most?
# 9. Which three things happen again and again in training?
# 10. A network was trained on houses of 50 to 200 m². What does it say about one of 2,000 m²?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. Numbers, and numbers.
# 2. Parameters: weights and biases.
# 3. "How long will the bus take?" is regression, "Will it come at all?" is classification.
# 4. It multiplies inputs by weights, adds the products and a bias, and bends the sum.
# 5. One that is neither input nor output. Nobody decides; it comes to mean what makes the loss
#    small.
# 6. Eleven: ten weights and a bias.
# 7. Without it all layers together are one straight line.
# 8. Three, one for each neuron.
# 9. Measure the loss, find the gradient, take a step.
# 10. Something; there is no reason to believe it.
# </details>
