# %% [markdown]
# # 5. Cost functions
#
# A network can only learn what you can measure. The **cost** (or loss) is one number that says how
# wrong its answers are; everything else, the gradients and the steps, follows from it. Choose it
# badly, and the network will do very well at the wrong thing.

# %%
import math

from exercises import check
from sketches import curves, plt

import autograd
from autograd import Value, draw, log, relu, softmax, softplus
from nn import losses

# %% [markdown]
# ## Regression: how far off?
#
# The network says $\hat y$, the truth is $y$, the error is $e = \hat y - y$. The usual cost is the
# **mean squared error**, the mean of $e^2$ over the examples:

# %%
predictions = [Value(2.5, label="ŷ₁"), Value(0.0, label="ŷ₂"), Value(2.0, label="ŷ₃")]
truths = [3.0, -0.5, 4.0]

cost = losses.mean_squared_error(predictions, truths)
cost.backward()
print(f"cost: ({0.5**2} + {0.5**2} + {2.0**2}) / 3 = {cost.data}")
for p in predictions:
    print(f"{p.label}: ∂cost/∂{p.label} = {p.grad:.4f}")

# %% [markdown]
# Each gradient is $\frac{2}{3}e$. The third prediction is four times as far off as the others, and
# is pulled four times as hard. Its sign says where: negative means that a larger prediction makes
# the cost smaller.
#
# Squares are one choice. Compare:

# %%
shapes = {
    "squared e²": lambda e: e * e,
    "absolute |e|": abs,
    "Huber": lambda e: losses.huber([e], [0.0]),
}
fig, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3))
curves(shapes, -3, 3, left).set(title="cost of an error e", ylim=(0, 5))
slopes = {name: autograd.grad(f) for name, f in shapes.items()}
curves(slopes, -3, 3, right).set(title="gradient by e", ylim=(-4, 4))
plt.show()

# %% [markdown]
# - **Squared**: large errors count a lot. One wild example (a price with a zero too many) can pull
#   everything towards it.
# - **Absolute**: each error pulls with the same force, whatever its size; wild examples do little
#   harm. But near the goal it pulls as hard as far away, and at 0 it has a kink.
# - **Huber**: like the square near 0, like the absolute far out. ($e^2/2$ up to 1 and $|e| - 1/2$
#   beyond it, so that the pieces meet without a kink.)
#
# What is the best *single* prediction for 1, 2, 3 and 100?

# %%
numbers = [1.0, 2.0, 3.0, 100.0]
for name, loss in [
    ("squared", losses.mean_squared_error),
    ("absolute", losses.mean_absolute_error),
]:
    costs = {c / 2: loss([c / 2] * 4, numbers) for c in range(201)}
    best = min(costs, key=costs.get)
    print(f"{name}: best at {best}")

# %% [markdown]
# The squared cost chooses the **mean**, 26.5, which is near none of them. The absolute cost is
# content with anything from 2 to 3: a **median**.
#
# ### Exercise 5.1
#
# The network says 1 and 6, the truths are 3 and 5. What is the mean squared error, and what are its
# derivatives by the two predictions? Give three numbers.

# %%
answer = ...
check("5.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [2.5, -2, 1]  # (4 + 1)/2; then 2·(-2)/2 and 2·1/2
# check("5.1", answer)
# ```
# </details>

# %% [markdown]
# ## Classification: why not count mistakes?
#
# A network that says yes or no gives a **score** $z$: above 0 means yes. What we care about is the
# share of right answers. Why not use it as cost? Because it is flat:


# %%
def mistake(z):
    """1 if the score z says no although the truth is yes."""
    return autograd.where(z > 0, 0.0, 1.0)


print("cost", mistake(-0.3), "and its gradient:", autograd.grad(mistake)(-0.3))

# %% [markdown]
# The answer is wrong, and the gradient says that nothing can be done about it. A little change of
# $z$ changes no answer. We need a cost that falls *on the way* to the right answer. For the truth
# yes:

# %%
costs = {
    "mistake": mistake,
    "hinge max(0, 1 − z)": lambda z: relu(1 - z),
    "logistic −ln σ(z)": lambda z: softplus(-z),
}
curves(costs, -3, 3).set(xlabel="score z (truth: yes)", ylim=(0, 4))
plt.show()

# %% [markdown]
# - The **hinge** is content when the answer is right *with a margin* of 1. Beyond that the gradient
#   is 0: it cares for the hard examples only. micrograd's demo uses it.
# - The **logistic** cost is never quite content, and never flat. Where does it come from?
#
# ## Surprise
#
# Let the network say how sure it is: a probability $p$ of yes, with $p = \sigma(z) = 1/(1 +
# e^{-z})$. If the truth turns out yes, how surprised should we be? At $p = 1$ not at all, and the
# less probable it was, the more: $-\ln p$. (And if the truth turns out no: $-\ln(1 - p)$.)

# %%
for p in (0.99, 0.5, 0.1, 0.01):
    print(f"said yes with {p:4}: surprise {-math.log(p):.3f}")

# %% [markdown]
# The mean surprise over all examples is the **cross-entropy**. Making it small is making the truth
# as probable as possible: statisticians call that maximum likelihood. Its gradient by the score is
# as simple as could be:

# %%
for truth in (0, 1):
    z = Value(0.8, label="z")
    cost = losses.binary_cross_entropy([z], [truth])
    cost.backward()
    print(f"truth {truth}: p = {autograd.sigmoid(0.8):.3f}, gradient = {z.grad:.3f}")

# %% [markdown]
# It is $p - y$: what was said minus what is true. Say 0.69 where the truth is 0, and the score is
# pushed down with force 0.69; where it is 1, up with 0.31. (By hand, for the truth yes: $-\ln
# \sigma(z) = \ln(1 + e^{-z})$, and its derivative is $-e^{-z}/(1 + e^{-z}) = -(1 - p)$.)
#
# ## Several classes: softmax
#
# With $k$ classes the network gives $k$ scores, $z_1 \ldots z_k$. **Softmax** makes probabilities
# of them:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}} \qquad\qquad J = -\ln p_{\text{truth}}$$
#
# CS231n's example: three classes, and an image of the class 2 (we count from 0) gets the scores
# −2.85, 0.86 and 0.28.

# %%
scores = [-2.85, 0.86, 0.28]
probabilities = softmax(scores)
cost = losses.cross_entropy([scores], [2])
assert [round(p, 3) for p in probabilities] == [0.015, 0.631, 0.353]
assert round(cost, 2) == 1.04
[round(p, 3) for p in probabilities], round(cost, 3)

# %% [markdown]
# And the gradient? Again, what was said minus what is true: $\partial J/\partial z_i = p_i - [i =
# \text{truth}]$, where the bracket is 1 if what stands in it is true, and 0 if not. If the
# network says .2, .3, .5 and the second is right, then the gradient by the
# scores is .2, −.7, .5:

# %%
scores = [Value(math.log(p), label=f"z{i}") for i, p in enumerate([0.2, 0.3, 0.5])]
cost = losses.cross_entropy([scores], [1])
cost.backward()
assert [round(z.grad, 6) for z in scores] == [0.2, -0.7, 0.5]
draw(cost, partials=True)

# %% [markdown]
# They add up to 0: what one class gains the others lose.
#
# ### Exercise 5.2
#
# A network says .1, .6, .3 for the classes 0, 1, 2. The truth is class 0. What is the gradient by
# the three scores?

# %%
answer = ...
check("5.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [-0.9, 0.6, 0.3]  # p, with 1 taken off where the truth is
# check("5.2", answer)
# ```
# </details>

# %% [markdown]
# ### A number to know by heart
#
# A network that has learnt nothing gives 10 classes about equal scores, so each gets the
# probability 1/10. Its cost must be near $-\ln(1/10) = \ln 10$:

# %%
cost = losses.cross_entropy([[0.0] * 10], [3])
assert abs(cost - 2.302) < 1e-3
round(cost, 3)

# %% [markdown]
# If your first loss is far above, something is wrong before training has begun: most often the
# first weights are too large, and the network is confidently wrong.
#
# ### Exercise 5.3
#
# What should the first loss be for 27 classes (the letters, and a stop)?

# %%
answer = ...
check("5.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = math.log(27)
# check("5.3", answer)
# ```
# </details>

# %% [markdown]
# ## With care for large numbers
#
# Written as it stands in the formula, softmax breaks:


# %%
def careless(scores, truth):
    total = sum(autograd.exp(z) for z in scores)
    return -log(autograd.exp(scores[truth]) / total)


print("careless:", careless([1000.0, 0.0], 0), "and", careless([0.0, 1000.0], 0))
print("careful: ", losses.cross_entropy([[1000.0, 0.0]], [0]), "and", end=" ")
print(losses.cross_entropy([[0.0, 1000.0]], [0]))

# %% [markdown]
# $e^{1000}$ is larger than any float. But softmax does not change when the same number is taken
# from all scores, so take the largest: then the largest exponent is 0, and nothing overflows:
#
# $$-\ln p_t = \ln \sum_j e^{z_j - m} - (z_t - m), \qquad m = \max_j z_j$$
#
# ### Exercise 5.4
#
# Write it: `cross_entropy(scores, truth)` for one example, a list of plain numbers and the position
# of the right class. Use `math.exp` and `math.log`.


# %%
def cross_entropy(scores, truth):
    m = max(scores)
    ...


answer = ...  # when you are done: answer = cross_entropy
check("5.4", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def cross_entropy(scores, truth):
#     m = max(scores)
#     return math.log(sum(math.exp(z - m) for z in scores)) - (scores[truth] - m)
#
#
# answer = cross_entropy
# check("5.4", answer)
# ```
# </details>

# %% [markdown]
# ## From one example to all
#
# The cost of a whole data set is the mean of its examples' costs, and so its gradient is the mean
# of their gradients. That is why a few examples at a time are enough to learn from.
#
# Often something is added that does not look at the examples at all: a **penalty** for large
# parameters, $\lambda \sum w^2$, with a small number $\lambda$. It says: of two networks that fit alike, prefer the one with the
# smaller weights. [Notebook 10](10_training_well.ipynb) shows what it does.

# %%
weights = [Value(w, label=f"w{i}") for i, w in enumerate([3.0, -0.1])]
penalty = losses.l2(weights, 0.01)
penalty.backward()
[round(w.grad, 4) for w in weights]  # 2·λ·w: large weights are pulled more

# %% [markdown]
# ## Ten questions
#
# 1. Why must a cost be one number?
# 2. Where does the factor 2/n in the gradient of the mean squared error come from?
# 3. Your data have a few wild errors. Which cost do you take, and why?
# 4. Which single number is best for the squared cost, and which for the absolute?
# 5. Why can't the number of mistakes be the cost that is trained with?
# 6. When is the hinge's gradient 0, and why is that sensible?
# 7. A network says 0.01 for what turns out true. How surprised is it, roughly?
# 8. What is the gradient of softmax with cross-entropy, in words?
# 9. The first loss with 10 classes is 30. What do you suspect?
# 10. Why does softmax stay the same when 5 is added to all scores?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. Because descent needs one answer to "better or worse?"; of several numbers one may rise and
#    another fall.
# 2. The 2 from differentiating the square, the 1/n from the mean.
# 3. Absolute or Huber: their pull does not grow with the error.
# 4. The mean; a median.
# 5. It is flat almost everywhere, so its gradient is 0.
# 6. When the answer is right with a margin of at least 1; no effort is spent on easy examples.
# 7. −ln 0.01, about 4.6.
# 8. What was said minus what is true.
# 9. First weights that are too large; it should be about 2.3.
# 10. Every exponential gets the same factor e⁵, above and below the fraction line.
# </details>
