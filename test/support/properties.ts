import fc from 'fast-check'

/**
 * Property tests draw the same examples in every run, so that a test which fails has failed for a change and not by
 * chance. `PROPERTY_SEED=random npm test` draws others, a number those of that seed.
 */
const asked = process.env['PROPERTY_SEED']
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: asked ? Number(asked) : 20_260_101 })
