export type { Migration } from './apply-migrations.ts';
export { openComponent } from './open-component.ts';
export type { ComponentDatabase, OpenComponentOptions } from './open-component.ts';
