# %% [markdown]
# # 6. Gradient descent
#
# You stand on a hillside in fog and want to go down. You cannot see the valley, but you feel the
# slope under your feet. So: a step downhill, feel again, another step. That is gradient descent,
# and nearly every network in the world has been trained by it or by a relative of it.
#
# $$a \leftarrow a - \gamma\,\nabla F(a)$$
#
# $F$ is what should get small, $a$ stands for all its parameters, $\nabla F(a)$ is the gradient
# there (the derivatives by each of them), and $\gamma$ ("gamma", the **learning rate**) says how far to go.

# %%
from exercises import check
from sketches import live, plt, surface

import nn
from autograd import Value, grad

# %% [markdown]
# ## One parameter
#
# $F(a) = (a - 2)^2 + 1$ has its lowest point at $a = 2$. Start at $a = -1$ and let the formula run.


# %%
def F(a):
    return (a - 2) ** 2 + 1


a, rate = -1.0, 0.1
for step in range(8):
    slope = grad(F)(a)
    print(f"step {step}: a = {a:6.3f}   F = {F(a):6.3f}   slope = {slope:6.3f}")
    a = a - rate * slope

# %% [markdown]
# The slope is negative: F falls to the right. Minus times minus moves $a$ to the right. And as the
# slope becomes gentler, the steps become shorter by themselves.


# %%
def descend(function, start, rate, steps):
    """The places that gradient descent visits; of one parameter."""
    places = [start]
    for _ in range(steps):
        a = places[-1]
        places.append(a - rate * grad(function)(a))
    return places


def show_descent(rate):
    places = descend(F, -1.0, rate, 15)
    xs = [-3 + i / 20 for i in range(201)]
    plt.figure()
    plt.plot(xs, [F(x) for x in xs])
    plt.plot(places, [F(p) for p in places], "o-", markersize=4, linewidth=0.8)
    plt.axis((-3, 7, 0, 26))
    plt.title(f"rate {rate:.2f}: after 15 steps a = {places[-1]:.3f}")
    plt.show()


live(show_descent, rate=(0.1, 0.01, 1.05))

# %% [markdown]
# (Where a notebook runs with the `notebook` extra installed there is a slider above. Otherwise
# change the number and run the cell again.)
#
# ## The learning rate
#
# What is a good $\gamma$? Try several.

# %%
fig, ax = plt.subplots()
for rate in (0.01, 0.1, 0.5, 0.95, 1.02):
    ax.plot([F(a) for a in descend(F, -1.0, rate, 20)], label=f"γ = {rate}")
ax.set(xlabel="step", title="F along the way", ylim=(0, 25))
ax.legend()
plt.show()

# %% [markdown]
# - 0.01 goes the right way, and takes for ever.
# - 0.1 is good.
# - 0.5 is perfect here: one step. (Only because F is a parabola.)
# - 0.95 jumps across the valley and back, and still arrives.
# - 1.02 jumps further each time: it **diverges**.
#
# Why is there a limit at 1? Here $F'(a) = 2(a - 2)$, so the distance from the bottom becomes
#
# $$a - 2 \;\leftarrow\; (a - 2) - \gamma \cdot 2(a - 2) = (1 - 2\gamma)(a - 2)$$
#
# Each step multiplies the distance by $1 - 2\gamma$. It shrinks if that number is between −1 and 1,
# that is for $0 < \gamma < 1$. The 2 is the curvature, the second derivative $F''$; in general the limit is $2/F''$. **The
# sharper the valley, the smaller the step must be.**
#
# ### Exercise 6.1
#
# $F(a, b) = a^2 + 3b$ at $a = 1$, $b = 2$, with $\gamma = 0.1$. Where are you after one step?

# %%
answer = ...
check("6.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [0.8, 1.7]  # the gradient is (2, 3): 1 - 0.1·2 and 2 - 0.1·3
# check("6.1", answer)
# ```
# </details>

# %% [markdown]
# ### Exercise 6.2
#
# $F(a) = 5a^2$. Below which learning rate does gradient descent arrive at 0?

# %%
answer = ...
check("6.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = 0.2  # a ← (1 - 10γ) a shrinks while 1 - 10γ > -1; 2/F'' = 2/10
# check("6.2", answer)
# ```
# </details>

# %% [markdown]
# ## Two parameters: a landscape
#
# $F(a, b) = a^2 + 8b^2$ is a valley, long in one direction and narrow in the other. The lines in
# the picture join places of equal height. The gradient is at right angles to them: straight up, by
# the steepest way.


# %%
def valley(a, b):
    return a**2 + 8 * b**2


def path(function, start, rate, steps):
    """The places that gradient descent visits; of two parameters."""
    places, slopes = [start], grad(function, (0, 1))
    for _ in range(steps):
        a, b = places[-1]
        da, db = slopes(a, b)
        places.append((a - rate * da, b - rate * db))
    return places


fig, axes = plt.subplots(1, 3, figsize=(9, 2.6))
for ax, rate in zip(axes, (0.02, 0.06, 0.118)):
    surface(valley, (-4, 4), (-2, 2), ax, levels=[0.5, 2, 5, 10, 18, 28, 40])
    ax.plot(*zip(*path(valley, (-3.5, 1.5), rate, 25)), "o-", markersize=3, linewidth=0.8)
    ax.set(title=f"γ = {rate}", aspect="equal")  # or right angles would not look right
plt.show()

# %% [markdown]
# One rate must serve both directions. Across the valley the curvature is 16, so $\gamma$ must stay
# below $2/16 = 0.125$; along it the curvature is 2, and 0.125 is slow. Small rates creep, large
# ones zigzag. The ratio of the curvatures (8 here, millions in networks) is what makes training
# slow.
#
# ## Momentum and Adam
#
# A ball that rolls has **momentum**: zigzags cancel, and the direction that stays adds up. **Adam**
# also divides each parameter's step by the usual size of its gradient, so that flat directions get
# larger steps. Both are rules in `nn`; they need nothing but the gradient.


# %%
def run(make_optimizer, function, start, steps):
    """The places that an optimizer of nn visits."""
    a, b = Value(start[0]), Value(start[1])
    optimizer = make_optimizer([a, b])
    places = [start]
    for _ in range(steps):
        optimizer.zero_grad()
        function(a, b).backward()
        optimizer.step()
        places.append((a.data, b.data))
    return places


def banana(a, b):
    """Rosenbrock's function: a bent valley, lowest at (1, 1)."""
    return (1 - a) ** 2 + 10 * (b - a**2) ** 2


# %%
rules = {
    "descent, γ = 0.008": lambda ps: nn.SGD(ps, lr=0.008),
    "momentum 0.9, γ = 0.008": lambda ps: nn.SGD(ps, lr=0.008, momentum=0.9),
    "Adam, γ = 0.1": lambda ps: nn.Adam(ps, lr=0.1),
}
fig, axes = plt.subplots(1, 3, figsize=(9, 3))
for ax, (name, rule) in zip(axes, rules.items()):
    surface(banana, (-2, 2), (-1, 3), ax, levels=[0.3, 1, 3, 10, 30, 80])
    places = run(rule, banana, (-1.5, 2.5), 60)
    ax.plot(*zip(*places), "o-", markersize=2.5, linewidth=0.8)
    ax.plot(1, 1, "*", color="#d9722e", markersize=9)
    ax.set_title(f"{name}\nafter 60 steps F = {banana(*places[-1]):.2g}")
plt.show()

# %% [markdown]
# Plain descent is slow here, and its rate can't be much larger: at the start the curvature is 193
# across the valley, and 2/193 is 0.0104. Momentum is ahead of Adam this time; what Adam is liked for
# is that its rate needs less trying out.
#
# ## Where it ends
#
# Descent stops where the gradient is 0. That need not be the lowest place. $F(a) = a^4 - 3a^2 + a$
# has two valleys, and which one you reach depends on where you start:


# %%
def two_valleys(a):
    return a**4 - 3 * a**2 + a


fig, ax = plt.subplots()
xs = [-2 + i / 50 for i in range(201)]
ax.plot(xs, [two_valleys(x) for x in xs])
for start, mark in ((-0.2, "o-"), (0.4, "s-")):
    places = descend(two_valleys, start, 0.03, 40)
    ax.plot(places, [two_valleys(p) for p in places], mark, markersize=3, linewidth=0.8)
    print(f"from {start:4}: ends at a = {places[-1]:6.3f}, F = {two_valleys(places[-1]):6.3f}")
ax.set_ylim(-4, 4)
plt.show()

# %% [markdown]
# With many parameters, bad valleys turn out to be rare; more often the gradient is small at
# **saddle points**, which go down in some directions and up in others.
#
# ### Exercise 6.3
#
# Write the loop yourself, for any number of parameters. `gradient(a)` takes a list of numbers and
# gives the list of derivatives; your function returns the parameters after `steps` steps, as
# a list.


# %%
def descent(gradient, start, rate, steps):
    a = list(start)
    for _ in range(steps):
        g = gradient(a)
        ...
    return a


answer = ...  # when you are done: answer = descent
check("6.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def descent(gradient, start, rate, steps):
#     a = list(start)
#     for _ in range(steps):
#         g = gradient(a)
#         a = [ai - rate * gi for ai, gi in zip(a, g)]
#     return a
#
#
# answer = descent
# check("6.3", answer)
# ```
# </details>

# %% [markdown]
# ## A network's landscape
#
# Now $F$ is the loss of a network, and $a$ its parameters. This is the example of the micrograd
# lecture: three inputs, two layers of four neurons, one output; four examples; 41 parameters.

# %%
inputs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
targets = [1.0, -1.0, -1.0, 1.0]
model = nn.MLP(3, [4, 4, 1], activation="tanh", output="tanh", seed=1)
assert len(model.parameters()) == 41

losses = []
for step in range(40):
    predictions = [model(x) for x in inputs]  # forward
    loss = sum((p - t) ** 2 for p, t in zip(predictions, targets))
    model.zero_grad()  # forget the old gradients
    loss.backward()  # backward
    for p in model.parameters():  # a step against the gradient
        p.data -= 0.1 * p.grad
    losses.append(loss.data)

[round(p.data, 2) for p in predictions], round(losses[0], 3), round(losses[-1], 4)

# %% [markdown]
# Four lines in a loop: forward, forget, backward, step. Every training program has them. To see the
# landscape, take two of the 41 directions: from the parameters at the start to those now, and one
# at random.

# %%
start = [p.data for p in nn.MLP(3, [4, 4, 1], seed=1).parameters()]
other = [p.data for p in nn.MLP(3, [4, 4, 1], seed=5).parameters()]
end = [p.data for p in model.parameters()]


def height(u, v):
    """The loss at start + u·(end - start) + v·other."""
    twin = model.with_parameters([s + u * (e - s) + v * o for s, e, o in zip(start, end, other)])
    return sum((twin(x) - t) ** 2 for x, t in zip(inputs, targets))


ax = surface(height, (-0.5, 1.5), (-1, 1), points=31)
ax.plot([0, 1], [0, 0], "o--")
ax.set(xlabel="u", ylabel="v", title="loss, from the start (left dot) to the end (right dot)")
plt.show()

# %% [markdown]
# ### What if you forget to forget?
#
# `backward()` adds to what stands in `grad` and does not replace it ([notebook
# 8](08_backpropagation.ipynb) shows why). So without `zero_grad()` each step goes along the sum of
# all gradients so far. It is a common bug in training loops, and it is sly, because the loss often
# falls all the same for a while, even faster:


# %%
def train(forget, steps=40):
    model = nn.MLP(3, [4, 4, 1], activation="tanh", output="tanh", seed=6)
    losses = []
    for _ in range(steps):
        loss = sum((model(x) - t) ** 2 for x, t in zip(inputs, targets))
        if forget:
            model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.1 * p.grad
        losses.append(loss.data)
    return losses


right, wrong = train(forget=True), train(forget=False)
assert right[-1] < 0.02 and wrong[-1] > 4
fig, ax = plt.subplots()
ax.plot(right, label="with zero_grad()")
ax.plot(wrong, label="without")
ax.set(xlabel="step", title="loss")
ax.legend()
plt.show()

# %% [markdown]
# ## Batches
#
# With a million examples, one exact gradient takes a million forward and backward passes. The
# gradient of a few examples drawn at random points roughly the same way, and costs a few. So
# networks are trained in small batches: **stochastic** gradient descent. One pass through all the
# data is an **epoch**. The noise is no harm; it even helps to leave poor valleys.

# %%
data = nn.make_moons(80, noise=0.1, seed=0)
fig, ax = plt.subplots()
for size in (80, 20, 4):
    net = nn.MLP(2, [6, 1], activation="tanh", seed=3)
    optimizer = nn.SGD(net.parameters(), lr=0.5)
    history = nn.fit(
        net, data, nn.losses.binary_cross_entropy, optimizer, 15, batch_size=size, progress=False
    )
    ax.plot(history.loss, label=f"batches of {size}: {optimizer.steps} steps")
ax.set(xlabel="epoch", title="loss: each epoch looks at 80 examples")
ax.legend()
plt.show()

# %% [markdown]
# ## Ten questions
#
# 1. Why is there a minus in the formula?
# 2. The learning rate stays the same, yet the steps become shorter. Why?
# 3. How do you see in a loss curve that the rate is too small? Too large?
# 4. $F(a) = 50a^2$: which rates arrive?
# 5. Why does descent zigzag in a narrow valley?
# 6. What does momentum do about it, and what does Adam do?
# 7. The gradient is 0. Are you at the lowest place?
# 8. Which four things are done in each step of training?
# 9. What does `zero_grad()` prevent?
# 10. Why do batches save time, and what do they cost?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. The gradient points uphill, and we want to go down.
# 2. A step is rate times slope, and the slope becomes gentler towards the bottom.
# 3. Too small: it falls steadily and hardly. Too large: it jumps up and down, or grows.
# 4. Those below 2/100 = 0.02.
# 5. The steepest way points across the valley, not along it, and one rate serves both.
# 6. Momentum lets opposite steps cancel and equal ones add up; Adam gives each parameter a step of
#    its own size.
# 7. Perhaps; it may also be another valley, a top, or a saddle.
# 8. Forward, forget the old gradients, backward, a step against the gradient.
# 9. That gradients of earlier steps are added to the new one.
# 10. A rough gradient costs a few examples in place of all; the loss falls less smoothly.
# </details>
