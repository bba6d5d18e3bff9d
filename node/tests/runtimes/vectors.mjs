/**
 * The vectors as modules, for runtimes without files.
 */
import clock from '../../../tests/vectors/clock.json' with { type: 'json' };
import compact from '../../../tests/vectors/compact.json' with { type: 'json' };
import inspections from '../../../tests/vectors/inspect.json' with { type: 'json' };
import kling from '../../../tests/vectors/kling.json' with { type: 'json' };
import origins from '../../../tests/vectors/origins.json' with { type: 'json' };
import refusals from '../../../tests/vectors/refusals.json' with { type: 'json' };
import renewal from '../../../tests/vectors/renewal.json' with { type: 'json' };
import rfc7515 from '../../../tests/vectors/rfc7515.json' with { type: 'json' };
import verdicts from '../../../tests/vectors/verdicts.json' with { type: 'json' };
import webhooks from '../../../tests/vectors/webhooks.json' with { type: 'json' };

export { clock, compact, inspections, kling, origins };
export { refusals, renewal, rfc7515, verdicts, webhooks };
