# %% [markdown]
# # 7. The chain rule on circuits
#
# A formula is a circuit of small operations. If each of them knows its own derivative, the
# derivative of the whole takes no cleverness, only multiplication, and addition where paths meet.
# That is all there is to backpropagation. Here you do it by hand; in [notebook
# 8](08_backpropagation.ipynb) you let a program do it.
#
# The examples are those of Stanford's CS231n notes ("Backpropagation, intuitions") and of Andrej
# Karpathy's micrograd lecture, so you can read on there.

# %%
import math

from exercises import check
from sketches import curves, live_step, plt

from autograd import Value, draw, exp, explain, maximum, sigmoid, step

# %% [markdown]
# ## A derivative is a rate of exchange
#
# Take $f(x) = 3x^2 - 4x + 5$.


# %%
def f(x):
    return 3 * x**2 - 4 * x + 5


curves({"f": f}, -3, 4).plot(3, f(3), "o", color="#d9722e")
plt.show()

# %% [markdown]
# At $x = 3$ the curve rises. How steeply? Move $x$ by a little $h$ and see how much $f$ changes,
# for each unit that $x$ changes:

# %%
for h in (1.0, 0.1, 0.001, 0.000001):
    print(f"h = {h:<8g}  (f(3 + h) - f(3)) / h = {(f(3 + h) - f(3)) / h:.5f}")
assert round((f(3 + 1e-6) - f(3)) / 1e-6, 4) == 14

# %% [markdown]
# The quotients settle at 14, and that is what the rules of school say too: $f'(x) = 6x - 4$, so
# $f'(3) = 14$. **For every unit that x grows, f grows by 14**, as long as the step is small. The
# derivative is a rate of exchange between a change of $x$ and a change of $f$.
#
# At $x = 2/3$ the rate is 0: the bottom of the curve.

# %%
x = Value(2 / 3)
y = f(x)
y.backward()
assert abs(x.grad) < 1e-12
print(f"f'(2/3) = {x.grad:.6f}")

# %% [markdown]
# ## With several inputs: one rate each
#
# $f(x, y) = xy$ at $x = 4$, $y = -3$. If $x$ grows by a little, $f$ changes by $y$ times as much,
# so $\partial f/\partial x = y = -3$. In the same way $\partial f/\partial y = x = 4$. The list of
# all the rates is the **gradient**.

# %%
x, y = Value(4.0, label="x"), Value(-3.0, label="y")
product = x * y
product.backward()
assert (x.grad, y.grad) == (-3.0, 4.0)
x.grad, y.grad

# %% [markdown]
# The sign tells a direction, the size a sensitivity. To make $xy = -12$ larger, make $x$ smaller
# (its rate is negative) and $y$ larger.
#
# ## Two operations in a row
#
# Now $f = (x + y)\,z$ at $x = -2$, $y = 5$, $z = -4$. Give the sum in the middle a name, $q = x +
# y$, so that $f = qz$. Each of the two is simple:
#
# - $f = qz$: $\partial f/\partial q = z$ and $\partial f/\partial z = q$
# - $q = x + y$: $\partial q/\partial x = 1$ and $\partial q/\partial y = 1$
#
# If $x$ grows by 1, $q$ grows by 1; and if $q$ grows by 1, $f$ changes by $-4$. So if $x$ grows by
# 1, $f$ changes by $-4 \cdot 1$. Rates of exchange **multiply**. This is the chain rule:
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x}$$

# %%
x, y, z = Value(-2.0, label="x"), Value(5.0, label="y"), Value(-4.0, label="z")
q = x + y
q.label = "q"
f = q * z
f.label = "f"
f.backward()
assert (f.data, x.grad, y.grad, z.grad) == (-12.0, -4.0, -4.0, 3.0)
draw(f, partials=True)

# %% [markdown]
# Read the picture from right to left. The boxes that an operation was made from are its **parents**,
# and it is their **child**. The number on an arrow is the **local** derivative: of the child that the
# arrow leads to, by the parent it comes from. The `grad` in a box is the derivative of the whole
# result by that box; its parents call it the **upstream** gradient, because it comes to them from
# there. One rule makes all the numbers:
#
# > gradient of a parent = local derivative on the arrow × gradient of the child
#
# No box needs to know what the whole circuit computes. Step through it: press the buttons, or the
# arrow keys, and watch first the values go forward, then the gradients come back.

# %%
step(f)

# %% [markdown]
# The same steps in words, for pages that can't run the stepper:

# %%
print(step(f).text())

# %% [markdown]
# ### Exercise 7.1
#
# By hand, with pencil and paper: the gradient of $(x + y)\,z$ at $x = -1$, $y = 2$, $z = 3$. Give
# the three numbers in the order of x, y, z.

# %%
answer = ...
check("7.1", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [3, 3, 1]  # ∂f/∂q = z = 3 goes through the + unchanged; ∂f/∂z = q = -1 + 2
# check("7.1", answer)
# ```
# </details>

# %% [markdown]
# ## What each kind of gate does to a gradient
#
# Look at $2\,(xy + \max(z, w))$ at $x = 3$, $y = -4$, $z = 2$, $w = -1$.

# %%
x, y, z, w = (
    Value(n, label=name) for n, name in [(3.0, "x"), (-4.0, "y"), (2.0, "z"), (-1.0, "w")]
)
f = 2 * (x * y + maximum(z, w))
f.backward()
assert (f.data, x.grad, y.grad, z.grad, w.grad) == (-20.0, -8.0, 6.0, 2.0, 0.0)
draw(f, partials=True)

# %% [markdown]
# Three habits are worth remembering:
#
# - **+ hands on.** What arrives goes to both inputs unchanged.
# - **× swaps.** What arrives goes to each input times *the other one*. If one input is huge, the
#   other's gradient is huge: this is why inputs are scaled before training.
# - **max chooses.** What arrives goes to the larger input; the other gets 0. It did not matter, and
#   a small change of it would not matter either. (`w.grad` is 0.0. The dash in the picture says a
#   little more: nothing was even sent to `w`.)

# %% [markdown]
# ### Exercise 7.2
#
# Without a computer: the gradient of $f = 3\max(x, y) + x y$ at $x = 1$, $y = 5$. Careful, each
# input is used twice. Give two numbers.

# %%
answer = ...
check("7.2", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = [5, 4]  # x: 0 from the max, y = 5 from the product; y: 3 from the max, x = 1 from the product
# check("7.2", answer)
# ```
# </details>

# %% [markdown]
# ## Where paths meet, add
#
# In the exercise $x$ reached $f$ by two ways. A small change of $x$ goes both ways at once, and $f$
# feels both. So what comes back on the two is **added**. Take $b = a \cdot a + a$ at $a = 3$:

# %%
a = Value(3.0, label="a")
b = a * a + a
b.backward()
draw(b, partials=True)

# %% [markdown]
# Three arrows leave $a$, and along them come $3 \cdot 1$, $3 \cdot 1$ and $1$. The sum is 7, and
# $b' = 2a + 1 = 7$. `explain` writes it out, path by path:

# %%
print(explain(b, wrt=a))

# %% [markdown]
# ## A longer one: four numbers to nudge
#
# This is the circuit of the micrograd lecture.


# %%
def circuit(a, b, c, f):
    e = a * b
    d = e + c
    e.label, d.label = "e", "d"
    L = d * f
    L.label = "L"
    return L, d, e


a, b, c, f = (Value(n, label=s) for n, s in [(2.0, "a"), (-3.0, "b"), (10.0, "c"), (-2.0, "f")])
L, d, e = circuit(a, b, c, f)
L.backward()
assert (L.data, a.grad, b.grad, c.grad, f.grad) == (-8.0, 6.0, -4.0, -2.0, 4.0)
draw(L, partials=True)

# %% [markdown]
# What is the gradient for? If we move every input a little **along** its gradient, L must grow. A
# hundredth of the gradient, say:

# %%
moved = [Value(leaf.data + 0.01 * leaf.grad) for leaf in (a, b, c, f)]
L2, _, _ = circuit(*moved)
assert abs(L2.data - -7.286496) < 1e-9
print(f"L was {L.data}, and is now {L2.data:.6f}")

# %% [markdown]
# It grew from −8 to −7.286496. How much growth did the gradient promise? Each input moved by 0.01
# times its rate, and gained its rate for each unit, so the sum of $0.01 \cdot \text{rate}^2$:

# %%
promised = sum(0.01 * leaf.grad**2 for leaf in (a, b, c, f))
print(f"promised {promised:.4f}, got {L2.data - L.data:.4f}")

# %% [markdown]
# Nearly. The rates change along the way, so a promise holds for small steps only. Going **against**
# the gradient makes L smaller. If L tells how wrong a network is, this is how the network learns
# ([notebook 6](06_gradient_descent.ipynb)).
#
# ### Exercise 7.3
#
# Write the backward pass of $f = (x + y)(x - y)$ by hand, as a program with local derivatives and
# products only. (No formula for the whole: name the sum $s$ and the difference $d$.) The function
# shall return $[\partial f/\partial x, \partial f/\partial y]$.


# %%
def by_hand(x, y):
    s = x + y  # forward
    d = x - y
    ds = ...  # backward: what f = s · d sends to s,
    dd = ...  # and to d
    dx = ...  # x went into both, and so did y
    dy = ...
    return [dx, dy]


answer = ...  # when you are done: answer = by_hand
check("7.3", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def by_hand(x, y):
#     s = x + y
#     d = x - y
#     ds = d
#     dd = s
#     dx = ds * 1 + dd * 1
#     dy = ds * 1 + dd * -1
#     return [dx, dy]
#
#
# answer = by_hand
# check("7.3", answer)
# ```
# </details>

# %% [markdown]
# ## A neuron is a circuit
#
# A neuron with two inputs and a sigmoid at the end, as the CS231n notes have it:
#
# $$f(w, x) = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$$
#
# Every operation gets its own box here: a product, a sum, a minus, an exponential, a sum with 1, a
# division.

# %%
w = [Value(n, label=f"w{i}") for i, n in enumerate([2.0, -3.0, -3.0])]
x = [Value(n, label=f"x{i}") for i, n in enumerate([-1.0, -2.0])]
s = w[0] * x[0] + w[1] * x[1] + w[2]
s.label = "s"
f = 1 / (1 + exp(-s))
f.backward()
draw(f, parameters=w, partials=True)

# %%
assert round(f.data, 2) == 0.73
print("f  =", round(f.data, 4))
print("dw =", [round(n.grad, 4) for n in w])
print("dx =", [round(n.grad, 4) for n in x])
assert [round(n.grad, 4) for n in w] == [-0.1966, -0.3932, 0.1966]
assert [round(n.grad, 4) for n in x] == [0.3932, -0.5898]

# %% [markdown]
# Four boxes at the end make up the sigmoid, $\sigma(s) = 1/(1 + e^{-s})$. They can be one box,
# because its derivative has a short form:
#
# $$\sigma'(s) = (1 - \sigma(s))\,\sigma(s)$$
#
# With $\sigma = 0.73$ this is $0.27 \cdot 0.73 \approx 0.20$, the gradient that you see at `s`. How
# finely a circuit is cut is our choice: a box is anything whose derivative we know. Fewer boxes are
# quicker, and often more exact.

# %%
one = sigmoid(Value(1.0, label="s"))
one.backward()
draw(one, partials=True)

# %% [markdown]
# Here is the neuron with one box for the sigmoid, to step through. Where the notebook runs with the
# `notebook` extra installed, each input has a slider: move it, and both passes are computed again.
# Try to make the gradients vanish.

# %%
neuron = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
neuron.label = "f"
live_step(neuron)

# %% [markdown]
# ## In stages
#
# The notes end with a function that has no meaning and is good practice:
#
# $$f(x, y) = \frac{x + \sigma(y)}{\sigma(x) + (x + y)^2}$$
#
# Nobody wants to differentiate this as a whole. Cut it in pieces, keep every piece, then go back
# piece by piece, in the opposite order. `dnum` is short for $\partial f/\partial\,$`num`, and so on.

# %%
x, y = 3.0, -4.0

sigy = 1 / (1 + math.exp(-y))
num = x + sigy
sigx = 1 / (1 + math.exp(-x))
xpy = x + y
xpysqr = xpy**2
den = sigx + xpysqr
invden = 1 / den
f = num * invden
assert round(f, 6) == 1.545645
round(f, 6)

# %%
dnum = invden  # f = num · invden
dinvden = num
dden = (-1 / den**2) * dinvden  # invden = 1/den
dsigx = dden  # den = sigx + xpysqr
dxpysqr = dden
dxpy = 2 * xpy * dxpysqr  # xpysqr = xpy²
dx = dxpy  # xpy = x + y
dy = dxpy
dx += (1 - sigx) * sigx * dsigx  # += because x was used before
dx += dnum  # num = x + sigy
dsigy = dnum
dy += (1 - sigy) * sigy * dsigy
round(dx, 6), round(dy, 6)

# %% [markdown]
# Two things carry over to every engine: the forward numbers are **kept**, because the backward pass
# needs them; and where a variable was used several times stands `+=`. To forget the `+` is the most
# common mistake of all.

# %%
vx, vy = Value(3.0, label="x"), Value(-4.0, label="y")
vf = (vx + sigmoid(vy)) / (sigmoid(vx) + (vx + vy) ** 2)
vf.backward()
assert round(vf.data, 6) == 1.545645
assert (round(vx.grad, 6), round(vy.grad, 6)) == (2.059570, 1.592233)
assert math.isclose(vx.grad, dx) and math.isclose(vy.grad, dy)
draw(vf)

# %% [markdown]
# ### Exercise 7.4
#
# In that last circuit $x$ is used three times. One of the three ways to $f$ goes through the
# numerator. How much does that way alone contribute to $\partial f/\partial x$? (The variables of
# the cells above are still there.)

# %%
answer = ...
check("7.4", answer)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# answer = dnum * 1  # f = num · invden sends invden to num, and + hands it on
# check("7.4", answer)
# ```
# </details>

# %% [markdown]
# ## Ten questions
#
# Answer them in your own words before you look.
#
# 1. What does it mean that $\partial f/\partial x = -3$?
# 2. Why do the rates along a path multiply?
# 3. Why are the contributions of several paths added?
# 4. What does a + gate do with the gradient that arrives? A × gate? A max gate?
# 5. In $xy$ one input is 1000, the other 0.001. Which gets the larger gradient?
# 6. What is the gradient of $f$ by $f$ itself, and why does the backward pass start with it?
# 7. Why must the numbers of the forward pass be kept?
# 8. What goes wrong with `=` in place of `+=`?
# 9. $\sigma(s) = 0.5$: what is $\sigma'(s)$?
# 10. You move all inputs along the gradient by a small step. Can $f$ get smaller?

# %% [markdown]
# <details><summary>Answers in a few words</summary>
#
# 1. When x grows by a little, f falls by three times as much.
# 2. Each says how much one change makes of another: a change of a change of a change.
# 3. A change of the input travels along all of them at once, and the result feels the sum.
# 4. Hands it on to both; multiplies it by the other input; gives it to the larger one.
# 5. The one that is 0.001: its gradient is 1000.
# 6. It is 1: f changes by what f changes by. All other rates are products that begin with it.
# 7. Local derivatives are computed from them: × needs its inputs, σ its output.
# 8. Only the path that comes last counts; the others are lost.
# 9. 0.5 · 0.5 = 0.25, the largest it can be.
# 10. Not if the step is small enough; with a large step, yes, because the rates change on the way.
# </details>
