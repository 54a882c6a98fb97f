#include "CNBody.h"

#include <math.h>

#define BODIES 6

static const double gravity = 2.95912208286e-4;
static const double mass[BODIES] = {
    1.00000597682, 9.54786104043e-4, 2.85583733151e-4, 4.37273164546e-5, 5.17759138449e-5, 1 / 1.3e8,
};
static const double inverse_mass[BODIES] = {
    1 / 1.00000597682, 1 / 9.54786104043e-4, 1 / 2.85583733151e-4, 1 / 4.37273164546e-5, 1 / 5.17759138449e-5, 1.3e8,
};

static void kick(double q[BODIES][3], double p[BODIES][3], double time) {
  double force[BODIES][3] = {{0}};
  for (int i = 0; i < BODIES; i++) {
    for (int j = i + 1; j < BODIES; j++) {
      double x = q[j][0] - q[i][0], y = q[j][1] - q[i][1], z = q[j][2] - q[i][2];
      double squared = x * x + y * y + z * z;
      double pull = gravity * mass[i] * mass[j] / (squared * sqrt(squared));
      force[i][0] += pull * x;
      force[i][1] += pull * y;
      force[i][2] += pull * z;
      force[j][0] -= pull * x;
      force[j][1] -= pull * y;
      force[j][2] -= pull * z;
    }
  }
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++) p[i][k] += time * force[i][k];
}

static void drift(double q[BODIES][3], double p[BODIES][3], double time) {
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++) q[i][k] += time * (p[i][k] * inverse_mass[i]);
}

void nbody_leapfrog(double position[6][3], double momentum[6][3], double step, long steps) {
  if (steps <= 0) return;
  kick(position, momentum, step / 2);
  for (long taken = 1; taken <= steps; taken++) {
    drift(position, momentum, step);
    kick(position, momentum, taken == steps ? step / 2 : step);
  }
}

void nbody_yoshida4(double position[6][3], double momentum[6][3], double step, long steps) {
  if (steps <= 0) return;
  const double outer = 1 / (2 - 1.2599210498948731648), inner = 1 - 2 * outer;
  const double edge = outer / 2 * step, joint = (outer + inner) / 2 * step;
  kick(position, momentum, edge);
  for (long taken = 1; taken <= steps; taken++) {
    drift(position, momentum, outer * step);
    kick(position, momentum, joint);
    drift(position, momentum, inner * step);
    kick(position, momentum, joint);
    drift(position, momentum, outer * step);
    kick(position, momentum, taken == steps ? edge : 2 * edge);
  }
}
