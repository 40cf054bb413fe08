# %% [markdown]
# # 4. Classification
#
# Which? Examples show inputs and the class they belong to, and the network shall name the class of
# inputs that it has not seen. We begin with two heaps and one neuron, then come circles, moons, a
# spiral, and at the end flowers.

# %%
import random

import numpy as np
from exercises import check
from sketches import plt
from sklearn.datasets import make_moons

import nn
from autograd import draw, sigmoid

# %% [markdown]
# ## One neuron, two heaps
#
# The neuron gives a number, its **score** $z = w_1 x_1 + w_2 x_2 + b$. Above 0 we read it as class
# 1, below as class 0. The sigmoid makes a probability of it: $p = \sigma(z)$. (The costs in this
# notebook, cross-entropy and hinge, are explained in the [next](05_cost_functions.ipynb); for now it
# is enough that they get smaller as the answers get better.)

# %%
heaps = nn.make_blobs(60, classes=2, noise=0.9, seed=2)
model = nn.MLP(2, [1], seed=3)
history = nn.fit(
    model,
    heaps,
    nn.losses.binary_cross_entropy,
    nn.SGD(model.parameters(), lr=0.5),
    epochs=60,
    progress=False,
)
fig, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3))
nn.plots.loss_curve(history, ax=left)
nn.plots.decision_boundary(model, heaps, ax=right, steps=40)
plt.show()

# %% [markdown]
# The line is where the score is 0 and the network is undecided, $p = ½$. The further from it, the
# surer: the colour becomes stronger. Statisticians call this neuron *logistic regression*.

# %%
for point in ([2.0, 0.0], [0.1, 0.3], [-2.0, 0.0]):
    score = nn.predict(model, [point])[0]
    print(f"{point}: score {score:6.2f}, probability of class 1 {sigmoid(score):.3f}")

# %% [markdown]
# ### Exercise 4.1
#
# The score is 0. What is the probability of class 1? And what is it for the score $\ln 3$, and for
# $-\ln 3$? ($e^{\ln 3}$ is 3. Work it out as fractions.)

# %%
answer = ...
check("4.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [1 / 2, 3 / 4, 1 / 4]  # 1/(1 + 1), 1/(1 + 1/3), 1/(1 + 3)
# check("4.1", answer)
# ```
# </details>

# %% [markdown]
# One example's cost as a graph. What is trained are the weights in the frame; the cost at the end
# only says in which direction. `dot` is the weighted sum and the bias: the score. The cost pulls it
# with $p - 1$, here 0.335 − 1 = −0.665, as [notebook 5](05_cost_functions.ipynb) explains.

# %%
model.zero_grad()
cost = nn.losses.binary_cross_entropy([model([0.1, 0.3])], [1])
cost.backward()
draw(cost, parameters=model)

# %% [markdown]
# ## What a line can't do
#
# A ring around a smaller ring. TensorFlow's Playground has one like it, and the first thing to try there is a
# network without a hidden layer:

# %%
circles = nn.make_circles(100, noise=0.08, seed=0)


def train(sizes, data, epochs=100, **options):
    """A network for the data, trained; and the share it gets right."""
    model = nn.MLP(2, sizes, activation="tanh", seed=2)
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    loss = nn.losses.binary_cross_entropy
    history = nn.fit(model, data, loss, optimizer, epochs, progress=False, **options)
    return model, history.score[-1]


fig, axes = plt.subplots(1, 4, figsize=(9, 2.4))
for ax, hidden in zip(axes, (0, 2, 3, 4)):
    model, right = train([hidden, 1] if hidden else [1], circles)
    nn.plots.decision_boundary(model, circles, ax=ax, steps=40)
    ax.get_legend().remove()
    ax.set(title=f"{hidden} hidden: {right:.0%}", xlabel="", ylabel="")
plt.show()

# %% [markdown]
# The line gets half of them right, like a coin. Each hidden neuron adds one line of its own, and
# the output combines them. Two make a strip, three a triangle with round corners, four enclose
# the inner ring well.
#
# Look inside: what each hidden neuron answers, over the plane, blue where it is positive. (The fourth
# says nearly the same everywhere. It is no line here but a second bias; three do the work.)

# %%
nn.plots.network(model, circles, ax=plt.subplots(figsize=(5, 3))[1])
plt.show()

# %% [markdown]
# ### Exercise 4.2
#
# There is another way: give the line a better input. Find one number, computed from $x$ and $y$,
# that is larger for all points of the outer circle than for all of the inner one. Write it as a
# function.


# %%
def feature(x, y):
    return ...


answer = ...  # when you are done: answer = feature
check("4.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def feature(x, y):
#     return x * x + y * y  # the squared distance from the middle
#
#
# answer = feature
# check("4.2", answer)
# ```
# </details>

# %% [markdown]
# With that input a single neuron is enough. Before networks, finding good inputs was the work of
# people; a hidden layer finds them by itself.
#
# ## Two moons, as in micrograd's demo
#
# The demo of micrograd: 100 points, a network with two hidden layers of 16 ReLU neurons, the hinge
# cost with a small penalty, 100 steps with a falling learning rate. With the same random numbers,
# Python's and NumPy's, the losses and shares below are the demo's, as it prints them.

# %%
np.random.seed(1337)
random.seed(1337)
points, signs = make_moons(n_samples=100, noise=0.1)
moons = nn.Dataset(points.tolist(), signs.tolist(), ["x", "y"], ["0", "1"])
model = nn.MLP(2, [16, 16, 1])
assert len(model.parameters()) == 337

# %%
history = nn.fit(
    model,
    moons,
    lambda scores, classes: nn.losses.hinge(scores, [2 * c - 1 for c in classes]),
    nn.SGD(model.parameters(), lr=nn.schedules.linear(1.0, 0.1, 100)),
    epochs=100,
    penalty=lambda: nn.losses.l2(model.parameters(), 1e-4),
    progress=False,
)
for step in (0, 1, 50, 99):
    print(f"step {step}: loss {history.step_loss[step]:.4f}, right {history.score[step]:.0%}")
assert round(history.step_loss[0], 4) == 0.8958
assert history.score[-1] == 1.0

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3))
left.plot(history.step_loss)
left.set(xlabel="step", title="loss")
nn.plots.decision_boundary(model, moons, ax=right, steps=40)
plt.show()

# %% [markdown]
# See how the line is made of straight pieces: the bends of ReLU. And see the jumps in the loss: a
# learning rate of 1 is bold.
#
# ## More than two classes
#
# For $k$ classes the network has $k$ outputs, one score each; the largest wins. Softmax makes
# probabilities of the scores, and the cost is the cross-entropy. The example is the spiral of
# CS231n, Stanford's course on networks that see: three arms. First without a hidden layer:

# %%
spiral = nn.make_spiral(150, classes=3, noise=0.2, seed=0)
linear = nn.MLP(2, [3], seed=0)
loss = nn.losses.cross_entropy
optimizer = nn.SGD(linear.parameters(), lr=1.0)
history = nn.fit(linear, spiral, loss, optimizer, epochs=150, progress=False)
linear_share = history.score[-1]
print(f"linear: {linear_share:.0%}")
assert linear_share < 0.6

# %% [markdown]
# CS231n gets 49 % like that, with 300 points and its own random numbers, and 98 % with 100 hidden
# neurons. We take half the points and 24 neurons, so as to be done in seconds:

# %%
network = nn.MLP(2, [24, 3], initializer="he", seed=1)
optimizer = nn.Adam(network.parameters(), lr=0.1)
history = nn.fit(network, spiral, loss, optimizer, epochs=120, progress=False)
network_share = history.score[-1]
print(f"24 hidden neurons: {network_share:.0%}, first loss {history.loss[0]:.3f}")
assert network_share >= 0.97

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4))
for ax, net, share in zip(axes, (linear, network), (linear_share, network_share)):
    nn.plots.decision_boundary(net, spiral, ax=ax, steps=50)
    ax.set_title(f"{share:.0%} right")
plt.show()

# %% [markdown]
# A last look at one point. Three scores, three probabilities:

# %%
from autograd import softmax

scores = nn.predict(network, [[0.0, 0.0], [0.5, 0.5]])
for point, row in zip(("the middle", "(½, ½)"), scores):
    print(point, [round(p, 3) for p in softmax(row)])

# %% [markdown]
# In the middle, where all arms begin, it is not sure; and it says so.
#
# ## Flowers
#
# The most used data of all: 150 irises of three kinds, four measures each (Fisher, 1936). 45
# of them are put aside, to judge with.

# %%
iris = nn.load_dataset("iris")
train_part, test_part = nn.split(iris, test=0.3, seed=1)
scaling = nn.standardize(train_part.inputs)
train_part, test_part = train_part.scaled(scaling), test_part.scaled(scaling)

model = nn.MLP(4, [8, 3], activation="tanh", seed=0)
optimizer = nn.Adam(model.parameters(), lr=0.05)
nn.fit(model, train_part, nn.losses.cross_entropy, optimizer, epochs=40, progress=False)

said = nn.predict(model, test_part.inputs)
matrix = nn.confusion(said, test_part.targets, 3)
print(f"right on flowers not seen: {nn.accuracy(said, test_part.targets):.0%}")

# %%
nn.plots.confusion_matrix(matrix, iris.classes, ax=plt.subplots(figsize=(3.6, 3.2))[1])
plt.show()

# %% [markdown]
# A **confusion matrix** says more than one share: a row for each true class, a column for each
# answer. What is off the diagonal was mistaken, and you see for what.
#
# ### Exercise 4.3
#
# A test for a disease was tried on 100 people. Of 10 who are ill it found 6; of 90 who are well it
# called 3 ill. Three numbers: the share of right answers; of the ill, the share that was found (the
# *recall*); and of those called ill, the share that is (the *precision*).

# %%
answer = ...
check("4.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [(6 + 87) / 100, 6 / 10, 6 / 9]
# check("4.3", answer)
# ```
# </details>

# %% [markdown]
# 93 % right sounds well. Calling everybody healthy would get 90 %. Always ask what the simplest
# answer would get.
#
# ## Ten questions
#
# 1. What is the difference between a score and a probability?
# 2. Where is the decision boundary of a neuron, and what shape has it?
# 3. The score doubles everywhere. Does the boundary move? What changes?
# 4. Why does a line get only half of the circle data right?
# 5. What does each hidden neuron add to the picture?
# 6. What would you see if the hidden layer had no activation?
# 7. Why are the boundaries of ReLU networks made of straight pieces?
# 8. How do you get from $k$ scores to one answer, and to $k$ probabilities?
# 9. What does a row of the confusion matrix tell? A column?
# 10. 99 % of mails are no spam. Is a filter that is right in 99 % of cases good?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. A score is any number; a probability is between 0 and 1. The sigmoid turns one into the other.
# 2. Where its score is 0: a straight line, with more inputs a plane.
# 3. It stays; the network becomes surer of the same answers.
# 4. Any line that cuts off much of the outer ring cuts off much of the inner one, too.
# 5. One more line, or a bend.
# 6. A line, as without it.
# 7. Where no ReLU changes between asleep and awake, the network is linear.
# 8. The largest wins; softmax.
# 9. What became of one true class; what one answer really was.
# 10. Not by that number: to let everything pass is right as often.
# </details>
