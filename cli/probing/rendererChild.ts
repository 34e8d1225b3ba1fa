// The child process that tries one renderer of charts, and reports to its parent (tryRenderer.ts).

import { probeRenderer } from './rendererProbe.js';

const [what = ''] = process.argv.slice(2);
// The parent has ended, so no answer is needed.
process.on('disconnect', () => process.exit(1));
process.send?.(await probeRenderer(what), () => process.exit(0));
