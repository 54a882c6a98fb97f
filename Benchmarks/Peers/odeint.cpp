// The speed comparison on Boost.odeint: c++ -O3 -std=c++17 odeint.cpp -o odeint
// Prints what Sources/runge-kutta prints: problem, method, tolerance, error, nanoseconds, evaluations.
#include <array>
#include <boost/numeric/odeint.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

namespace odeint = boost::numeric::odeint;

template <size_t N> using State = std::array<double, N>;

struct Kepler {
  void operator()(const State<4> &s, State<4> &d, double) const {
    double squared = s[0] * s[0] + s[1] * s[1];
    double strength = -1 / (squared * std::sqrt(squared));
    d[0] = s[2], d[1] = s[3], d[2] = s[0] * strength, d[3] = s[1] * strength;
  }
};

struct HenonHeiles {
  void operator()(const State<4> &s, State<4> &d, double) const {
    d[0] = s[2], d[1] = s[3];
    d[2] = -s[0] - 2 * s[0] * s[1], d[3] = -s[1] - s[0] * s[0] + s[1] * s[1];
  }
};

struct Arenstorf {
  void operator()(const State<4> &s, State<4> &d, double) const {
    const double moon = 0.012277471, earth = 1 - moon;
    double fromEarth = s[0] + moon, fromMoon = s[0] - earth;
    double a = fromEarth * fromEarth + s[1] * s[1], b = fromMoon * fromMoon + s[1] * s[1];
    double pullOfEarth = earth / (a * std::sqrt(a)), pullOfMoon = moon / (b * std::sqrt(b));
    d[0] = s[2], d[1] = s[3];
    d[2] = s[0] + 2 * s[3] - fromEarth * pullOfEarth - fromMoon * pullOfMoon;
    d[3] = s[1] - 2 * s[2] - s[1] * pullOfEarth - s[1] * pullOfMoon;
  }
};

struct Lorenz {
  void operator()(const State<3> &s, State<3> &d, double) const {
    d[0] = 10 * (s[1] - s[0]), d[1] = s[0] * (28 - s[2]) - s[1], d[2] = s[0] * s[1] - 8.0 / 3 * s[2];
  }
};

template <class System> struct Counting {
  System system;
  long *count;
  template <class S> void operator()(const S &s, S &d, double t) const {
    ++*count;
    system(s, d, t);
  }
};

template <class Stepper, class System, size_t N>
void measure(const char *problem, const char *method, System system, State<N> initial, double end, State<N> final) {
  for (double exponent = 4; exponent <= 13; exponent += 0.5) {
    double tolerance = std::pow(10.0, -exponent);
    auto run = [&](auto what) {
      State<N> state = initial;
      odeint::integrate_adaptive(odeint::make_controlled(tolerance, tolerance, Stepper()), what, state, 0.0, end, 0.01);
      return state;
    };
    long evaluations = 0;
    State<N> state = run(Counting<System>{system, &evaluations});
    double error = 0;
    for (size_t i = 0; i < N; ++i) error = std::max(error, std::abs(state[i] - final[i]));
    using Clock = std::chrono::steady_clock;
    double best = 1e30;
    volatile double sink = 0;
    auto begin = Clock::now();
    for (int round = 0; round < 5 || Clock::now() - begin < std::chrono::milliseconds(40); ++round) {
      auto start = Clock::now();
      sink = run(system)[0];
      best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - start).count());
    }
    (void)sink;
    std::printf("%s %s %g %g %g %ld\n", problem, method, tolerance, error, best, evaluations);
  }
}

template <template <class...> class Stepper> void all(const char *method) {
  measure<Stepper<State<4>>>("kepler", method, Kepler(), State<4>{0.5, 0, 0, 1.7320508075688772}, 62.83185307179586,
                             State<4>{0.5, 0, 0, 1.7320508075688772});
  measure<Stepper<State<4>>>(
      "henon-heiles", method, HenonHeiles(), State<4>{0.1, 0.3, 0.4, -0.2}, 30,
      State<4>{0.14440970946631349985, -0.25980113662695710834, -0.3493255405531254404, 0.27706727611019845289});
  measure<Stepper<State<4>>>("arenstorf", method, Arenstorf(), State<4>{0.994, 0, 0, -2.00158510637908252240537862224},
                             17.0652165601579625588917206249, State<4>{0.994, 0, 0, -2.00158510637908252240537862224});
  measure<Stepper<State<3>>>("lorenz", method, Lorenz(), State<3>{1, 1, 1}, 10,
                             State<3>{-4.9026875411346457319, -3.7438729218029196163, 24.690858102790555453});
}

int main() {
  all<odeint::runge_kutta_dopri5>("dormandPrince5");
  // odeint has no DOP853: its method of eighth order is that of Fehlberg.
  all<odeint::runge_kutta_fehlberg78>("dormandPrince8");
}
