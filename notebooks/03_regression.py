# %% [markdown]
# # 3. Regression
#
# How much? Examples show inputs and a number that belongs to them, and the network shall tell the
# number for inputs that it has not seen. We begin with a straight line, because there everything
# can be checked, and end with real patients.

# %%
import statistics

from exercises import check
from sketches import curves, plt, surface

import nn
from autograd import Value, draw

# %% [markdown]
# ## A line through points
#
# Ten houses, their sizes in 100 m² and their prices in 100,000.

# %%
sizes = [0.5, 0.6, 0.8, 0.9, 1.1, 1.2, 1.4, 1.5, 1.7, 2.0]
prices = [1.1, 1.5, 1.7, 2.2, 2.3, 2.9, 3.0, 3.4, 3.5, 4.4]

ax = plt.subplots()[1]
ax.plot(sizes, prices, "o")
ax.set(xlabel="size in 100 m²", ylabel="price in 100,000", xlim=(0, 2.2), ylim=(0, 5))
plt.show()

# %% [markdown]
# The simplest network there is: one neuron, one input, no bend. $\hat y = wx + b$ (say "y hat") is
# what it says, $y$ is the truth, and $\hat y - y$ is its error. The cost (another word for loss) is
# the **mean squared error**: square the errors, and take their mean. `J.backward()` puts the
# derivatives of `J` into `w.grad` and `b.grad`.

# %%
w, b = Value(0.5, label="w"), Value(0.5, label="b")


def cost(w, b):
    errors = [w * x + b - y for x, y in zip(sizes, prices)]
    return sum(e * e for e in errors) / len(errors)


J = cost(w, b)
J.backward()
round(J.data, 4), round(w.grad, 4), round(b.grad, 4)

# %% [markdown]
# Both gradients are negative: the line is too low, and to raise it (b) or to tilt it (w) makes the
# cost smaller. The formulas agree, because each error $e_i = wx_i + b - y_i$ changes by $x_i$ when
# $w$ changes by 1, and by 1 when $b$ does:
#
# $$\frac{\partial J}{\partial w} = \frac{2}{n} \sum_i e_i x_i \qquad \frac{\partial J}{\partial b} = \frac{2}{n} \sum_i e_i$$

# %%
errors = [0.5 * x + 0.5 - y for x, y in zip(sizes, prices)]
by_hand = [2 * sum(e * x for e, x in zip(errors, sizes)) / 10, 2 * sum(errors) / 10]
assert abs(by_hand[0] - w.grad) < 1e-12
assert abs(by_hand[1] - b.grad) < 1e-12
[round(g, 4) for g in by_hand]

# %% [markdown]
# ### Exercise 3.1
#
# The line $\hat y = 2x + 1$ and the two points (0, 0) and (1, 5). What is the mean squared error,
# and what are its derivatives by $w$ and by $b$? Give three numbers.

# %%
answer = ...
check("3.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# # errors: 1 - 0 = 1 and 3 - 5 = -2
# answer = [2.5, -2, -1]  # (1 + 4)/2; 2/2·(1·0 - 2·1); 2/2·(1 - 2)
# check("3.1", answer)
# ```
# </details>

# %% [markdown]
# ## Training it
#
# Down the gradient: take 0.2 times the gradient off each parameter, again and again. The 0.2 is the
# **learning rate**; [notebook 6](06_gradient_descent.ipynb) is about it. We keep the places that we
# visit.

# %%
places = []
for step in range(400):
    places.append((w.data, b.data))
    J = cost(w, b)
    w.grad = b.grad = 0.0
    J.backward()
    w.data -= 0.2 * w.grad
    b.data -= 0.2 * b.grad

print(f"price = {w.data:.4f} · size + {b.data:.4f}   cost {cost(w.data, b.data):.4f}")

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3))
left.plot(sizes, prices, "o")
for step in (0, 1, 5, 399):
    w_then, b_then = places[step]
    left.plot([0, 2.2], [b_then, 2.2 * w_then + b_then], label=f"step {step}", linewidth=1)
left.legend()
surface(cost, (0, 3), (-1, 2), right, levels=[0.05, 0.2, 0.5, 1, 2, 4, 8])
right.plot(*zip(*places), "o-", markersize=2.5)
right.set(xlabel="w", ylabel="b", title="the cost, and the way down")
plt.show()

# %% [markdown]
# For a line there is an exact answer, known since Gauss. Python's `statistics` has it:

# %%
exact = statistics.linear_regression(sizes, prices)
assert abs(exact.slope - w.data) < 1e-3
assert abs(exact.intercept - b.data) < 1e-3
f"price = {exact.slope:.4f} · size + {exact.intercept:.4f}"

# %% [markdown]
# Gradient descent has found the same line. It was not told that it is a line; that is why it also
# works where no formula exists.
#
# ## Scale your inputs
#
# We wrote the size in units of 100 m². Had we written square metres, the sizes would be 50 to 200,
# and the gradient by $w$ a hundred times as large. With the same learning rate:

# %%
w, b = 0.005, 0.5
for step in range(4):
    errors = [w * 100 * x + b - y for x, y in zip(sizes, prices)]
    print(f"step {step}: cost {sum(e * e for e in errors) / 10:.3g}")
    w -= 0.2 * 2 * sum(e * 100 * x for e, x in zip(errors, sizes)) / 10
    b -= 0.2 * 2 * sum(errors) / 10

# %% [markdown]
# It explodes. A rate small enough for $w$ would take for ever with $b$. So inputs are
# **standardized**: take the mean off each column, and divide by its standard deviation (the usual
# distance from the mean), so that all columns lie around 0, mostly between −2 and 2.
# `nn.standardize` does that, and keeps the numbers for later data.

# %%
scaling = nn.standardize([[100 * x] for x in sizes])
[round(row[0], 2) for row in scaling.apply([[100 * x] for x in sizes])]

# %% [markdown]
# ## A curve
#
# The line is one neuron. For a curve, put a hidden layer before it. The points: a sine, with noise.
# (`nn.fit` is the loop from above, ready made; `nn.SGD` is our rule, and `nn.Adam` a quicker relative
# of it. R² above the pictures says how good the curve is: 1 is perfect.)

# %%
import math
from random import Random

random = Random(3)
xs = [[-3 + 6 * i / 39] for i in range(40)]
ys = [math.sin(x) + random.gauss(0, 0.15) for (x,) in xs]
data = nn.Dataset(xs, ys, ["x"])

fig, axes = plt.subplots(1, 3, figsize=(9, 2.6), sharey=True)
for ax, hidden in zip(axes, (0, 3, 10)):
    model = nn.MLP(1, [hidden, 1] if hidden else [1], activation="tanh", seed=2)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    nn.fit(model, data, nn.losses.mean_squared_error, optimizer, 300, progress=False)
    curves({"": lambda x, model=model: nn.predict(model, [[x]])[0]}, -3.3, 3.3, ax)
    ax.plot(xs, ys, "o", markersize=3)
    score = nn.r2(nn.predict(model, xs), ys)
    ax.set_title(f"{hidden} hidden: R² = {score:.3f}")
plt.show()

# %% [markdown]
# ## How good is it?
#
# The mean squared error depends on units. **R²** does not: 1 minus the squared errors over the
# squared deviations from the mean.
#
# $$R^2 = 1 - \frac{\sum_i (\hat y_i - y_i)^2}{\sum_i (y_i - \bar y)^2}$$
#
# 1 is perfect, 0 is as good as always saying the mean, and below 0 is worse than that.
#
# ### Exercise 3.2
#
# The truths are 1, 2, 3 and 6; a network says 2, 2, 3 and 5. What is R²?

# %%
answer = ...
check("3.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = 1 - (1 + 0 + 0 + 1) / (4 + 1 + 0 + 9)  # the mean is 3
# check("3.2", answer)
# ```
# </details>

# %% [markdown]
# ## Real data
#
# 442 patients with diabetes: age, sex, body mass index, blood pressure and six blood values; the
# number to tell is how far the disease has gone on a year later. The data come with scikit-learn.
#
# What counts is how well a network does on patients that it has **not** seen. So we put a quarter
# aside, train on the rest, and look at the others only to judge. The targets are standardized for
# training too; `mean + spread * p` turns an answer back.

# %%
diabetes = nn.load_dataset("diabetes")
train, test = nn.split(diabetes, test=0.25, seed=0)
scaling = nn.standardize(train.inputs)  # from the training part only
train, test = train.scaled(scaling), test.scaled(scaling)

mean = statistics.fmean(train.targets)
spread = statistics.pstdev(train.targets)
units = nn.Dataset(train.inputs, [(t - mean) / spread for t in train.targets], train.features)
len(train), len(test), round(mean, 1), round(spread, 1)

# %%
model = nn.MLP(10, [1], initializer="zeros")  # one neuron: a linear model
nn.fit(
    model,
    units,
    nn.losses.mean_squared_error,
    nn.SGD(model.parameters(), lr=0.1),
    epochs=60,
    progress=False,
)
said = [mean + spread * p for p in nn.predict(model, test.inputs)]
print(f"R² on patients not seen: {nn.r2(said, test.targets):.3f}")

# %%
neuron = model.layers[0].neurons[0]
weights = sorted(zip([w.data for w in neuron.w], train.features))
ax = plt.subplots(figsize=(5, 2.6))[1]
ax.barh([name for _, name in weights], [weight for weight, _ in weights])
ax.set_title("what speaks for a worse course, and what against")
plt.show()

# %% [markdown]
# A single neuron can be read: its weights say what matters, because all inputs have been brought to
# the same scale. Body mass index (`bmi`) and one of the
# blood values (`s5`) matter most. (Careful with the others: blood values go together, and then one
# weight can make up for another.)
#
# ### Exercise 3.3
#
# A predictor that knows nothing but the training patients, and says their mean for every patient:
# about what R² has it on the test patients? One number.

# %%
answer = ...
check("3.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = 0  # the mean of the training patients is nearly that of the others
# check("3.3", answer)
# ```
# </details>

# %% [markdown]
# Would a hidden layer do better? Try it: replace `nn.MLP(10, [1], ...)` by `nn.MLP(10, [6, 1],
# activation="tanh", seed=0)`. With so few patients it does not help: it does hardly better on the
# patients it has seen, and worse on the others. Why that is so, and what helps, is in [notebook
# 10](10_training_well.ipynb).
#
# One more look at the engine behind it. The graph of the cost for a single house. The number on an
# arrow is a derivative as well: of the box at its head by the box at its tail. (The error goes into
# the product twice, so it has two arrows.)

# %%
w, b = Value(exact.slope, label="w"), Value(exact.intercept, label="b")
error = w * sizes[0] + b - prices[0]
error.label = "error"
J = error * error
J.label = "cost"
J.backward()
draw(J, parameters=[w, b], partials=True)

# %% [markdown]
# ## Ten questions
#
# 1. What is the cost in regression, usually, and why the square?
# 2. All errors are positive. What sign has $\partial J/\partial b$, and what happens to the line?
# 3. Why does $\partial J/\partial w$ have a factor $x$, and $\partial J/\partial b$ none?
# 4. How do you know here that gradient descent found the right line?
# 5. Why standardize the inputs?
# 6. Why take the scaling from the training part only?
# 7. What does R² = 0 mean? Can it be negative?
# 8. Why judge on examples that were not trained on?
# 9. Which weight would you look at first to explain a linear model, and what must be true of the
#    inputs for that?
# 10. A line gives R² = 0.1 on wavy data. Should you train longer?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. The mean squared error: it treats too high and too low alike, and large errors count more.
# 2. Positive; b goes down, and the line with it.
# 3. A change of w is multiplied by x on its way to the error; a change of b is not multiplied.
# 4. There is an exact formula for lines, and it gives the same.
# 5. So that one learning rate suits all weights.
# 6. The test part stands for the future, and we don't know the future's mean.
# 7. As good as always saying the mean; yes, when it is worse than that.
# 8. A network can learn its examples by heart.
# 9. The largest in size, if the inputs have been brought to the same scale.
# 10. No; a line can't do better. Give it a hidden layer.
# </details>
