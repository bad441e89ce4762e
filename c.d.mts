export * from './c.js';
