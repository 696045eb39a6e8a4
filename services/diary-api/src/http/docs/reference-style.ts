/** The look of the reference page; it is served as a file of its own, since the policy allows no style inside a page. */
export const referenceStyle: string = `
:root { font: 16px/1.5 system-ui, sans-serif; color-scheme: light dark; }
body { max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 small { font-weight: normal; opacity: 0.7; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
details { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 0.5rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary span { opacity: 0.8; }
pre { overflow: auto; max-height: 24rem; padding: 0.75rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.75rem 0.2rem 0; }
td code { overflow-wrap: anywhere; }
dt { margin-top: 0.5rem; }
:focus-visible { outline: 2px solid; outline-offset: 2px; }
`;
