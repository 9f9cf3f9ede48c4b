// What translated rules stand on (to_cpp.py): arrays as numba sees them, and Python's arithmetic.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <tuple>

// An array whose last axis lies in one piece. With fewer places than axes it gives the rest of it.
template <class T, int N> struct View {
    T *data;
    int64_t shape[N];
    int64_t size() const {
        int64_t all = 1;
        for (int64_t one : shape) all *= one;
        return all;
    }
    template <class... I> __attribute__((always_inline)) decltype(auto) operator()(I... at) const {
        constexpr int K = sizeof...(I);
        int64_t place = 0;
        int axis = 0;
        ((place = place * shape[axis++] + int64_t(at)), ...);
        if constexpr (K == N) {
            return (data[place]);
        } else {
            View<T, N - K> rest;
            for (axis = K; axis < N; ++axis) place *= rest.shape[axis - K] = shape[axis];
            rest.data = data + place;
            return rest;
        }
    }
    View part(int64_t from, int64_t to) const {
        auto inside = [&](int64_t at) {
            return std::clamp<int64_t>(at < 0 ? at + shape[0] : at, 0, shape[0]);
        };
        from = inside(from);
        to = std::max(from, inside(to));
        return {data + from, {to - from}};
    }
};

// A new array of one number. Each `site` in the rules has one at a time.
template <class T, int site> View<T, 1> scratch(int64_t size, T start = 0) {
    static std::unique_ptr<T[]> held;
    held.reset(new T[size]);
    std::fill_n(held.get(), size, start);
    return {held.get(), {size}};
}
template <int site, class T> View<T, 1> negative(View<T, 1> x) {
    auto found = scratch<T, site>(x.size());
    std::transform(x.data, x.data + x.size(), found.data, [](T one) { return -one; });
    return found;
}
template <int site, class T> View<T, 1> take(View<T, 1> x, View<int64_t, 1> places) {
    auto found = scratch<T, site>(places.size());
    for (int64_t k = 0; k < places.size(); ++k) found.data[k] = x.data[places.data[k]];
    return found;
}
template <int site, class T> View<int64_t, 1> stable_argsort(View<T, 1> x) {
    auto found = scratch<int64_t, site>(x.size());
    std::iota(found.data, found.data + x.size(), 0);
    std::stable_sort(found.data, found.data + x.size(),
                     [&](int64_t a, int64_t b) { return x.data[a] < x.data[b]; });
    return found;
}

static inline int64_t floor_div(int64_t a, int64_t b) {
    return a / b - ((a % b != 0) & ((a ^ b) < 0));
}
static inline int64_t floor_mod(int64_t a, int64_t b) {
    int64_t rest = a % b;
    return rest + (((rest != 0) & ((rest ^ b) < 0)) ? b : 0);
}
static inline double power(double a, double b) { return std::pow(a, b); }
template <class T> T power(T a, int64_t b) {  // as numba multiplies
    T all = 1;
    for (; b > 0; b >>= 1, a *= a)
        if (b & 1) all *= a;
    return all;
}
template <class T> T most(T a, T b) { return b > a ? b : a; }
template <class T> T least(T a, T b) { return b < a ? b : a; }
template <class T, class... M> T most(T a, T b, M... more) { return most(most(a, b), more...); }
template <class T, class... M> T least(T a, T b, M... more) { return least(least(a, b), more...); }
