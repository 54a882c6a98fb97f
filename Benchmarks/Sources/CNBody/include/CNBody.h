#ifndef CNBODY_H
#define CNBODY_H

/// The outer solar system as one would write it by hand: positions and momenta in arrays, pairs in two loops, constants known.
/// Kick-drift-kick with the kicks between steps merged: steps + 1 forces.
void nbody_leapfrog(double position[6][3], double momentum[6][3], double step, long steps);

/// Yoshida's composition of three leapfrogs of fourth order, kicks merged: 3 steps + 1 forces.
void nbody_yoshida4(double position[6][3], double momentum[6][3], double step, long steps);

#endif
