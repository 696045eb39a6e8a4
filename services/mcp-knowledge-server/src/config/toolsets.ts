/** `core`: what an agent needs every day, and no more than its context should pay for. `all`: every tool. */
export const TOOLSETS = ['core', 'all'] as const;

export type Toolset = (typeof TOOLSETS)[number];
