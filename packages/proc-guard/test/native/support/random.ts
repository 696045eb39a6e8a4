/** Numbers that a seed determines, so that a failing trial can be repeated (mulberry32). */
export interface Random {
  /** A whole number from 0 up to, but not including, `below`. */
  below(below: number): number;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below: (below) => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
    },
  };
}
