# %% [markdown]
# # 9. Checking gradients
#
# A wrong gradient does not crash. The loss falls all the same, only more slowly, or not quite as
# far, and one looks for the fault everywhere else. So gradients are checked: with differences,
# which know nothing of the rules, and with properties that every gradient must have.

# %%
import math

from exercises import check
from sketches import plt

import autograd
from autograd import check_grads, grad, hessian, jvp, norm, relu, softmax, tanh, vjp

# %% [markdown]
# ## The quotient of two differences
#
# A derivative is what $\dfrac{f(x + h) - f(x)}{h}$ comes to when $h$ gets small. Better is the
# **central** difference, which looks to both sides:
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$
#
# The curve bends: looking to the right gives a slope a little too large, say, and looking to the
# left one too small by nearly as much. The central difference is the mean of the two, and these
# errors cancel. What is left shrinks with $h^2$, the error of one side with $h$ only. So take $h$ as
# small as possible? Look:


# %%
def f(x):
    return math.tanh(x) * math.exp(x)


exact = grad(lambda x: tanh(x) * autograd.exp(x))(0.7)
hs = [10 ** (-k / 4) for k in range(2, 61)]
forward = [abs((f(0.7 + h) - f(0.7)) / h - exact) for h in hs]
central = [abs((f(0.7 + h) - f(0.7 - h)) / (2 * h) - exact) for h in hs]

ax = plt.subplots()[1]
ax.loglog(hs, [e + 1e-17 for e in forward], ".-", label="one side")
ax.loglog(hs, [e + 1e-17 for e in central], ".-", label="both sides")
ax.set(xlabel="h", title="error of the quotient")
ax.legend()
plt.show()

# %% [markdown]
# From right to left: the error falls as it should, by one digit or by two for each digit of $h$.
# Then it rises again. A float has about 16 digits; $f(x + h)$ and $f(x - h)$ agree in most of them,
# and the difference keeps only the rest. The bottom of the valley is near $h = 10^{-5}$, and no
# central difference gives much more than ten right digits.
#
# ### Exercise 9.1
#
# Write `numerical(f, x, i, h)`: the central difference of a function of a list `x`, by its element
# number `i`. Leave `x` as it was.


# %%
def numerical(f, x, i, h=1e-5):
    return ...


answer = ...  # when you are done: answer = numerical
check("9.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def numerical(f, x, i, h=1e-5):
#     up, down = list(x), list(x)
#     up[i] += h
#     down[i] -= h
#     return (f(up) - f(down)) / (2 * h)
#
#
# answer = numerical
# check("9.1", answer)
# ```
# </details>

# %% [markdown]
# ## How close is close enough?
#
# An error of 0.001 is nothing for a gradient of 1000, and a disaster for one of 0.0001. So compare
# with the size. CS231n's notes take the **relative error**, of the analytic $f'_a$ and the
# numerical $f'_n$:
#
# $$\frac{|f'_a - f'_n|}{\max(|f'_a|, |f'_n|)}$$
#
# and give these rules of thumb:
#
# | relative error | verdict |
# |---|---|
# | above 1e-2 | the gradient is probably wrong |
# | 1e-2 to 1e-4 | be worried |
# | 1e-4 and below | usually fine, **if** there are kinks such as ReLU's; too much without them |
# | 1e-7 and below | be happy |


# %%
def relative_error(a, n):
    return abs(a - n) / max(abs(a), abs(n), 1e-300)


def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


for name, slope in [
    ("right", exact),
    ("wrong by 1 in 1000", exact * 1.001),
    ("a factor 2 forgotten", exact / 2),
]:
    print(f"{name:21} {relative_error(slope, central_difference(f, 0.7)):.0e}")
assert relative_error(exact, central_difference(f, 0.7)) < 1e-7  # be happy
assert 1e-4 < relative_error(exact * 1.001, central_difference(f, 0.7)) < 1e-2  # be worried
assert relative_error(exact / 2, central_difference(f, 0.7)) > 1e-2  # wrong

# %% [markdown]
# ### Exercise 9.2
#
# A hand-written gradient says 2.0000, the central difference 2.0004. There are no kinks. What is
# the relative error, to one digit, and should you worry (True or False)? Give both.

# %%
answer = ...
check("9.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [0.0004 / 2.0004, True]  # 2e-4, and without kinks 1e-4 is too much
# check("9.2", answer)
# ```
# </details>

# %% [markdown]
# ## Kinks
#
# At $x = 0$ ReLU has no derivative, and a difference that reaches across the kink mixes both sides.
# At $x = 10^{-6}$ the derivative is 1, without doubt:

# %%
for h in (1e-4, 1e-5, 1e-7):
    quotient = (relu(1e-6 + h) - relu(1e-6 - h)) / (2 * h)
    print(f"h = {h:.0e}: quotient {quotient:.3f}, derivative {grad(relu)(1e-6)}")

# %% [markdown]
# The gradient is right and the check is wrong. In a network with thousands of ReLUs some are always
# near their kink.
#
# ## check_grads
#
# All this care is in `check_grads`. It takes differences with several $h$, extrapolates to $h = 0$,
# and **estimates its own error**; a derivative is wrong if it is off by more than that. Where
# mpmath is installed it also computes each rule exactly, with 50 digits. And at a kink it says so.

# %%
print(check_grads(lambda x, y: tanh(x * y) + autograd.exp(x), (0.5, -3.0)))

# %%
print(check_grads(relu, 0.0))

# %% [markdown]
# At the kink the slopes are 0 on the left and 1 on the right. Every number between them is called a
# *subgradient*, and 0 is the usual choice.
#
# Now plant a fault. `autograd.primitive` adds an operation with a derivative of your own: a function
# of the input `x` and the result `y`. For the exponential it would be `y`; this one is off by a
# millionth:


# %%
@autograd.primitive(name="faulty_exp", partials=[lambda x, y: y * 1.000001], check=False)
def faulty_exp(x):
    return math.exp(x)


def suspicious(x, y):
    return tanh(x) * faulty_exp(x * y)


slope = grad(suspicious)(0.5, 1.5)
numeric = central_difference(lambda x: suspicious(x, 1.5), 0.5)
print(f"rule of thumb: relative error {relative_error(slope, numeric):.0e}")

# %%
try:
    check_grads(suspicious, (0.5, 1.5))
except AssertionError as error:
    report = error.report
    print(report.headline())
    print("blamed:", report.blame.node.primitive.name)

# %% [markdown]
# By the rule of thumb one would nearly be happy. `check_grads` sees it, and names the operation.
# (Print the whole report to see the numbers and the line.) And had we left out `check=False`, the
# operation would have been refused in the first place.
#
# A commoner fault: a number leaves the graph. Here `x.data` is just a number, and nothing can come
# back through it.

# %%
try:
    check_grads(lambda x: x * x.data, 3.0)
except AssertionError as error:
    print(error.report.headline())
    print("a number left the graph" in str(error))

# %% [markdown]
# ### Exercise 9.3
#
# Three hand-written derivatives. One is wrong: which? Find out with differences, at some point
# where all are defined.

# %%
suspects = {
    "A": (lambda x: x * math.log(x), lambda x: math.log(x) + 1),
    "B": (lambda x: math.sqrt(x * x + 1), lambda x: 0.5 / math.sqrt(x * x + 1)),
    "C": (lambda x: math.atan(2 * x), lambda x: 2 / (1 + 4 * x * x)),
}
answer = ...
check("9.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# for name, (function, slope) in suspects.items():
#     print(name, round(slope(0.8), 4), round(central_difference(function, 0.8), 4))
# answer = "B"  # the inner derivative 2x was forgotten
# check("9.3", answer)
# ```
# </details>

# %% [markdown]
# ## Properties
#
# Differences compare with another number. **Properties** need none: they hold for every right
# gradient, whatever it is. Some that are good to know:
#
# **The dot-product test.** A function with several results has a table of derivatives $J$, the
# *Jacobian*: a row for each result, a column for each input. Forward mode (`jvp`) takes a direction
# $u$, how much each input moves, and gives $Ju$, how much each result moves. Reverse mode (`vjp`)
# takes a *cotangent* $v$, what arrives at each result, and gives $J^\top v$, what is sent back to
# each input. It is the same $J$, so $v \cdot (Ju) = (J^\top v) \cdot u$. Two programs that share
# little must agree to the last digits:


# %%
def two(x, y):
    return [tanh(x * y), x / (1 + y * y)]


u, v = [0.3, -0.7], [1.1, 0.4]
_, pushed = jvp(two, (0.5, 2.0), u)
_, pullback = vjp(two, 0.5, 2.0)
left = sum(a * b for a, b in zip(v, pushed))
right = sum(a * b for a, b in zip(pullback(v), u))
assert math.isclose(left, right, rel_tol=1e-14)
round(left, 12), round(right, 12)

# %% [markdown]
# **Second derivatives do not care for the order**, so a Hessian is symmetric. **What stays the same
# when something is added to all inputs** has a gradient that adds up to 0. **What doubles when all
# inputs double**, such as a length, obeys Euler: $x \cdot \nabla f = f$.

# %%
H = hessian(lambda p: tanh(p[0] * p[1]) + p[0] ** 3 * p[1])([0.4, -1.2])
assert math.isclose(H[0][1], H[1][0])

slopes = grad(lambda zs: softmax(zs)[0])([0.3, -1.0, 2.0])
assert abs(sum(slopes)) < 1e-15

x = [3.0, -4.0, 12.0]
assert math.isclose(sum(a * b for a, b in zip(x, grad(norm)(x))), norm(x))
"all three hold"

# %% [markdown]
# ## Let the computer think of examples
#
# You would try 1, 2 and 0.5. Hypothesis, a library for property tests, tries hundreds of inputs,
# nasty ones too, and when it finds a failure it **shrinks** it to the smallest that still fails.
# Somebody claims that $x \cdot |x|$ has the derivative $2x$:

# %%
from hypothesis import find, given, settings, strategies

plain = settings(database=None, derandomize=True, max_examples=200, deadline=None)


def claim_fails(x):
    return not math.isclose(grad(lambda t: t * abs(t))(float(x)), 2.0 * x)


find(strategies.integers(-1000, 1000), claim_fails, settings=plain)

# %% [markdown]
# True for 0, 1, 2, 3, ... and false for −1, the smallest example there is. (The derivative is
# $2|x|$.)
#
# The engine of this repository is tested like this: whole formulas are drawn at random from its
# table of operations, and forward mode, reverse mode, differences and exact arithmetic must agree.

# %%
from autograd.check.strategies import expressions

seen = []


@settings(plain, max_examples=25)
@given(expressions(max_steps=4))
def gradients_are_right(formula):
    seen.append(len(formula))
    assert check_grads(formula, formula.inputs, exact=False)


gradients_are_right()
print("25 random formulas, none refuted" if len(seen) >= 25 else "too few")

# %% [markdown]
# ## A network, to finish
#
# The check of a network that has been trained, by all of its parameters at once. `with_parameters`
# makes a function of a list of numbers of it.

# %%
import nn

model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
data = nn.make_moons(8, seed=0)
optimizer = nn.Adam(model.parameters(), lr=0.1)
nn.fit(model, data, nn.losses.binary_cross_entropy, optimizer, 20, progress=False)


def loss(parameters):
    twin = model.with_parameters(parameters)
    return nn.losses.binary_cross_entropy([twin(x) for x in data.inputs], data.targets)


report = check_grads(loss, [p.data for p in model.parameters()])
print(report.headline())

# %% [markdown]
# CS231n has good advice for such checks: use few examples; do it without dropout, and with the
# penalty switched off first; and do it after a little training too, because at the start many
# numbers are 0 and hide faults.
#
# ## Ten questions
#
# 1. Why does a wrong gradient often go unnoticed?
# 2. Why is the central difference better than the one-sided?
# 3. Why does a smaller $h$ not always give a better quotient?
# 4. Why compare relative errors, not absolute ones?
# 5. A relative error of 1e-3: what do you do?
# 6. Why may a right gradient fail a check with differences?
# 7. A gradient is wrong by a factor of 2. Does training notice? Does a check?
# 8. Which two modes does the dot-product test compare, and why is that more than a check by
#    differences?
# 9. What do you know about the gradient of a function that does not change when all inputs grow by
#    the same?
# 10. What does it mean that a failing example is shrunk, and why is that useful?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. The loss often falls all the same.
# 2. The errors to the right and to the left nearly cancel: what is left shrinks with h².
# 3. The two values agree in nearly all digits, and the difference keeps only rounding.
# 4. Only then does the number mean the same for large and for small gradients.
# 5. Look for the fault, unless there are kinks near by.
# 6. A kink between x − h and x + h; or an h that is too large or too small.
# 7. Training hardly: it acts like another learning rate. A check does at once.
# 8. Forward and reverse; it holds to the last digits, not to ten.
# 9. It adds up to 0.
# 10. It is replaced by simpler ones as long as they fail: what is left shows the cause.
# </details>
