# %% [markdown]
# # 10. Training well
#
# The gradient is right, the loss falls. Is that all? This notebook is about what makes the
# difference between a network that trains and one that trains *well*: how to start, how fast to go,
# when to stop, and how to keep it from learning by heart. Much of it can be tried by hand in
# TensorFlow's Playground (playground.tensorflow.org), and its exercises are here too.

# %%
import math
from random import Random

from exercises import check
from sketches import plt

import nn

bce = nn.losses.binary_cross_entropy


def train(model, data, epochs, lr=0.1, **options):
    """Train with Adam and give the history."""
    optimizer = nn.Adam(model.parameters(), lr=lr)
    return nn.fit(model, data, bce, optimizer, epochs, progress=False, **options)


# %% [markdown]
# ## How to start
#
# All weights 0 seems fair. It is the worst of all starts: every neuron of a layer then computes the
# same, gets the same gradient, and stays the same for ever. A hundred neurons are worth one. (Here
# it is even worse: the output's weights are 0, so nothing comes back to the hidden layer at all.)
# The start must **break the symmetry**, and so it is random.

# %%
xor = nn.make_xor(60, seed=0)
for start in ("zeros", "xavier"):
    model = nn.MLP(2, [4, 1], activation="tanh", initializer=start, seed=0)
    history = train(model, xor, epochs=80)
    print(f"{start:7} loss {history.loss[-1]:.3f}, right {history.score[-1]:.0%}")

# %% [markdown]
# Random, but how large? Send random numbers through six layers of 20 tanh neurons, and look how
# large they are (root mean square) after each:


# %%
def sizes_of_signals(initializer, activation, layers=6, width=20):
    """The root mean square of what each layer gives."""
    options = {"activation": activation, "output": activation, "initializer": initializer}
    net = nn.MLP(10, [width] * layers, seed=0, **options).plain()
    random = Random(1)
    rows = [[random.gauss(0, 1) for _ in range(10)] for _ in range(20)]
    sizes = []
    for layer in net.layers:
        rows = [layer(row) for row in rows]
        numbers = [x for row in rows for x in row]
        sizes.append(math.sqrt(sum(x * x for x in numbers) / len(numbers)))
    return sizes


bad = {"small, 0.05": nn.initializers.normal(0.05), "large, 1": nn.initializers.normal(1.0)}
for name, start in {**bad, "Xavier": "xavier"}.items():
    print(f"tanh, {name:12}", *[f"{x:.4f}" for x in sizes_of_signals(start, "tanh")])

# %%
ax = plt.subplots()[1]
for name, start in {**bad, "He": "he"}.items():
    ax.semilogy(range(1, 7), sizes_of_signals(start, "relu"), "o-", label=name)
ax.set(xlabel="layer", title="size of the signal, ReLU")
ax.legend()
plt.show()

# %% [markdown]
# Too small, and after a few layers there is nothing left. Too large: tanh saturates near ±1, where
# its slope is 0, and with ReLU the numbers explode. What goes for signals on the way forward goes
# for gradients on the way back.
#
# Why? A sum of $n$ terms of size 1, with weights of standard deviation $s$, has the size $s\sqrt
# n$. To keep it at 1, choose $s = 1/\sqrt n$. **Xavier**'s rule does that, for tanh; its $n$ is the
# mean of a layer's inputs and outputs, for the sake of the way back. (tanh itself takes a little off
# in each layer, as you see above.) **He**'s takes $\sqrt{2/n}$, with the $n$ inputs, because ReLU
# throws away half.
#
# ### Exercise 10.1
#
# A ReLU layer looks at 50 inputs. Which standard deviation does He's rule give its weights?

# %%
answer = ...
check("10.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = math.sqrt(2 / 50)  # 0.2
# check("10.1", answer)
# ```
# </details>

# %% [markdown]
# ## How fast to go
#
# Large steps at first, small ones at the end: a **schedule** lowers the learning rate on the way.
# Some in use:

# %%
steps = 100
schedules = {
    "constant": nn.schedules.constant(1.0),
    "linear": nn.schedules.linear(1.0, 0.1, steps),
    "step": nn.schedules.step(1.0, every=30, factor=0.3),
    "cosine": nn.schedules.cosine(1.0, steps),
    "warm-up, then cosine": nn.schedules.warmup(nn.schedules.cosine(1.0, steps), 10),
}
ax = plt.subplots()[1]
for name, rate in schedules.items():
    line = "--" if name.startswith("warm-up") else "-"  # it lies on the cosine later
    ax.plot([rate(k) for k in range(steps + 1)], line, label=name)
ax.set(xlabel="step", title="learning rate")
ax.legend(fontsize=8, loc=(0.55, 0.53))
plt.show()

# %% [markdown]
# With small batches it matters. At a constant rate of 2 the noise of batches of four keeps the loss
# from settling; with the cosine it may be bold at first and careful at the end.

# %%
noisy_moons = nn.make_moons(80, noise=0.3, seed=0)
ax = plt.subplots()[1]
for name, rate in (("constant", 2.0), ("cosine", nn.schedules.cosine(2.0, 30 * 20))):
    model = nn.MLP(2, [8, 1], activation="tanh", seed=1)
    optimizer = nn.SGD(model.parameters(), lr=rate)
    history = nn.fit(model, noisy_moons, bce, optimizer, 30, batch_size=4, progress=False)
    ax.plot(history.loss, label=f"{name}: ends at {history.loss[-1]:.2f}")
ax.set(xlabel="epoch", title="loss", ylim=(0, 1))
ax.legend()
plt.show()

# %% [markdown]
# ## Learning by heart
#
# Thirty points with much noise, and a network of 65 parameters: more than points. Beside them 80
# points of the same kind that it is not trained on, the **validation** data.

# %%
few = nn.make_moons(30, noise=0.35, seed=5)
others = nn.make_moons(80, noise=0.35, seed=6)


def overfit(strength=0.0, epochs=150):
    """A network trained on the few points, with an L2 penalty; and its history."""
    model = nn.MLP(2, [16, 1], activation="tanh", seed=1)
    penalty = (lambda: nn.losses.l2(model.parameters(), strength)) if strength else None
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    last = {}

    def look(epoch, history):  # fit gives back the best network; we want to see the last
        last["numbers"] = [p.data for p in model.parameters()]

    options = {"validation": others, "penalty": penalty, "callback": look}
    history = nn.fit(model, few, bce, optimizer, epochs, progress=False, **options)
    return model.with_parameters(last["numbers"]), model, history


at_the_end, at_its_best, history = overfit()
print(f"trained on: {history.loss[-1]:.2f}   not trained on: {history.validation_loss[-1]:.2f}")
print(f"best at epoch {history.best_epoch}: {history.best_loss:.2f}")

# %%
fig, axes = plt.subplots(1, 3, figsize=(9, 2.8))
nn.plots.loss_curve(history, ax=axes[0])
for ax, net, when in zip(axes[1:], (at_its_best, at_the_end), ("at its best", "at the end")):
    nn.plots.decision_boundary(net, few, ax=ax, steps=40)
    ax.get_legend().remove()
    ax.set(title=when, xlabel="", ylabel="")
plt.show()

# %% [markdown]
# The loss on the points that it sees falls and falls. On the others it falls too, and then
# **rises**: from there on the network learns the noise, point by point, and its boundary winds
# itself around single points. That is **overfitting**, and this picture of two curves that part is
# the most important one in machine learning.
#
# What helps?
#
# **Stop early.** Take the network from the epoch where the validation loss was lowest. `nn.fit`
# does that when it is given validation data, and `patience=20` ends the run after 20 epochs without
# a better one.
#
# **More data** would be best.
#
# **A penalty on large weights.** Winding boundaries need large weights. L2 adds $\lambda \sum w^2$
# to the loss:

# %%
fig, axes = plt.subplots(1, 3, figsize=(9, 2.8))
for ax, strength in zip(axes, (0.0, 0.003, 0.3)):
    net, _, history = overfit(strength)
    nn.plots.decision_boundary(net, few, ax=ax, steps=40)
    ax.get_legend().remove()
    there, elsewhere = history.loss[-1], history.validation_loss[-1]
    ax.set(title=f"λ = {strength}: {there:.2f}, elsewhere {elsewhere:.2f}", xlabel="", ylabel="")
plt.show()

# %% [markdown]
# Without penalty it fits the noise; with too much it fits nothing; in between lies what you want,
# and only the validation data can tell where.
#
# **Dropout** switches off each neuron with some probability, anew in each step, so that no neuron
# can rely on another. `nn.Dropout(0.5, seed=0)` is a layer for `nn.Sequential`.
#
# ### Exercise 10.2
#
# Four runs, each with (training loss, validation loss) at the end. Say of each "under" (it could
# learn more), "over" (it learns by heart) or "good": (0.65, 0.66), (0.05, 0.90), (0.21, 0.24),
# (0.01, 0.55). Give a list of four words.

# %%
answer = ...
check("10.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = ["under", "over", "good", "over"]
# check("10.2", answer)
# ```
# </details>

# %% [markdown]
# ## L1 and L2
#
# L1 adds $\lambda \sum |w|$. The difference is in the gradients: L2 pulls a weight with $2\lambda
# w$, hardly at all when it is small; L1 pulls with $\lambda$, whatever its size, until it is **0**.
# So L1 chooses: it drops inputs that don't help. Here two inputs matter, and four are pure noise.

# %%
random = Random(0)
plain = nn.make_moons(60, noise=0.1, seed=0)
rows = [[*row, *[random.gauss(0, 1) for _ in range(4)]] for row in plain.inputs]
names = ["x", "y", "n1", "n2", "n3", "n4"]
noisy = nn.Dataset(rows, plain.targets, names, plain.classes)

penalties = {"none": None, "L2": nn.losses.l2, "L1": nn.losses.l1}
fig, axes = plt.subplots(1, 3, figsize=(9, 2.2), sharey=True)
for ax, (name, penalty) in zip(axes, penalties.items()):
    model = nn.MLP(6, [1], seed=1)
    weights = model.layers[0].neurons[0].w
    pull = (lambda p=penalty, w=weights: p(w, 0.05)) if penalty else None
    optimizer = nn.SGD(model.parameters(), lr=nn.schedules.linear(0.3, 0.01, 150))
    nn.fit(model, noisy, bce, optimizer, 150, penalty=pull, progress=False)
    ax.bar(names, [w.data for w in weights])
    ax.set_title(f"{name}: {sum(abs(w.data) < 0.02 for w in weights)} weights are about 0")
plt.show()

# %% [markdown]
# ## The Playground's exercises
#
# **Xor without $x_1 x_2$.** With the product as an input, one neuron does it. Without it, how many
# hidden neurons does it take?

# %%
product = nn.Dataset([[x * y] for x, y in xor.inputs], xor.targets, ["xy"], xor.classes)
one = train(nn.MLP(1, [1], seed=0), product, epochs=100)
print(f"one neuron that is given x·y: {one.score[-1]:.0%}")

fig, axes = plt.subplots(1, 4, figsize=(9, 2.3))
for ax, hidden in zip(axes, (1, 2, 3, 4)):
    model = nn.MLP(2, [hidden, 1], activation="tanh", initializer="xavier", seed=1)
    history = train(model, xor, epochs=100)
    nn.plots.decision_boundary(model, xor, ax=ax, steps=30)
    ax.get_legend().remove()
    ax.set(title=f"{hidden} hidden: {history.score[-1]:.0%}", xlabel="", ylabel="")
plt.show()

# %% [markdown]
# (Two can do it in principle, but seldom find it. A few neurons more than needed make training
# easier.)
#
# **The circle**, and a line that fails on it, are in [notebook 4](04_classification.ipynb).
#
# **The spiral**: two arms, and no inputs but $x$ and $y$. It is the hardest of the Playground's
# four.

# %%
spiral = nn.make_spiral(100, classes=2, noise=0.1, seed=1)
model = nn.MLP(2, [8, 8, 1], activation="tanh", initializer="xavier", seed=1)
history = train(model, spiral, epochs=200, lr=0.05)
print(f"{len(model.parameters())} parameters: {history.score[-1]:.0%}")
assert history.score[-1] >= 0.95

nn.plots.decision_boundary(model, spiral, ax=plt.subplots(figsize=(4, 3.4))[1], steps=50)
plt.show()

# %%
nn.plots.network(model, spiral, ax=plt.subplots(figsize=(7, 5.5))[1])
plt.show()

# %% [markdown]
# Look inside: in each square, what that neuron answers over the plane. The first layer draws lines,
# the second bends them together, the output puts the pieces in their places.
#
# ## A list to go through
#
# When something does not train, most of the time it is one of these. CS231n's notes and Karpathy's
# "recipe" recommend much the same order.
#
# 1. **Look at the data.** Are the inputs scaled? Do the targets belong to them?
# 2. **Is the first loss right?** About $\ln k$ for $k$ classes ([notebook
#    5](05_cost_functions.ipynb)).
# 3. **Can it learn five examples by heart?** A network that cannot overfit has a fault.
# 4. **Are the gradients right?** ([Notebook 9](09_checking_gradients.ipynb).)
# 5. **Try learning rates**, 1, 0.1, 0.01, ...: the right one is often just below that which
#    diverges.
# 6. **Training loss too high?** A larger network, longer. **Validation loss too high?** More data,
#    a penalty, an earlier stop.
#
# ### Exercise 10.3
#
# Number 3 of the list. Find a network and settings that learn these five points by heart: give a
# trained model whose accuracy on `five` is 100 %. (`train` from the top is at hand.)

# %%
five = nn.Dataset(
    [[0, 0], [1, 1], [0, 1], [1, 0], [0.5, 0.5]], [0, 0, 1, 1, 1], ["x", "y"], ["0", "1"]
)
answer = ...
check("10.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = nn.MLP(2, [8, 1], activation="tanh", seed=0)
# train(answer, five, epochs=300)
# check("10.3", answer)
# ```
# </details>

# %% [markdown]
# ## Ten questions
#
# 1. Why not start with all weights equal?
# 2. What happens to the signal in a deep network with small random weights? With large ones?
# 3. Where does the $\sqrt n$ in Xavier's and He's rules come from?
# 4. Why lower the learning rate on the way?
# 5. How do you recognise overfitting in two curves?
# 6. Why must validation data not be trained on?
# 7. What does a penalty do to the boundary, and how do you choose its strength?
# 8. Which weights become exactly 0 with L1, and why not with L2?
# 9. What does dropout do, and when must it be off?
# 10. Training and validation loss are both high and equal. What do you do?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. Equal neurons get equal gradients and stay equal.
# 2. It vanishes; it saturates or explodes.
# 3. From the size of a sum of n random terms.
# 4. To go fast at first, and to settle at the end in spite of the noise of batches.
# 5. The training loss falls on, the validation loss rises.
# 6. It stands for data not seen; once trained on, it says nothing about those.
# 7. It makes it smoother; by the validation loss.
# 8. Those that help less than the constant pull of λ; L2's pull fades as the weight gets small.
# 9. It switches neurons off at random; when the network is used or measured.
# 10. A larger network, a higher rate, more epochs: it underfits.
# </details>
