// Numbers for people. The library writes them too, in the sentences of findings.

export * from '../../src/numberText.js';
