/** A local stand-in for Kling's API, for your tests: `npm install --save-dev kling-gate`. */
export * from 'kling-gate';
