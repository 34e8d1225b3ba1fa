// Cross-validates predicted times against published tables: npm run validate-predict -- FEATURES TABLE=MODE[=PEAK,GBPS]...

import { leaveGroupsOut, quantileOf, unseenError, type UnseenError } from '../src/devices/crossValidation.js';
import { classRatios } from '../src/devices/classRatios.js';
import { fitRates, type Priors } from '../src/devices/fit.js';
import { guessShares, guessedRates, type Peaks } from '../src/devices/guess.js';
import { hasRatios, MODES, MODE_NAMES, modePriors, priorsOf, type ModeName } from '../src/devices/modes.js';
import { timeOf } from '../src/devices/networkFit.js';
import { rankCorrelation } from '../src/explain/rank.js';
import { publishedTimes, readFeatures, type PublishedNetwork } from './featureTable.js';

interface Table {
  readonly name: string;
  readonly mode: ModeName;
  readonly peaks: Peaks | undefined;
  readonly samples: readonly PublishedNetwork[];
}

/** Of 20 parts, the one in which a network is left out: by its name, so that all tables agree. */
const foldOf = ({ model }: { readonly model: string }): string =>
  String(Array.from(model).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7) % 20);

const percents = ({ median, p90, worst }: UnseenError): string =>
  [median, p90, worst].map((error) => (100 * error).toFixed(1).padStart(5)).join(' /');

/** The ratios are learnt again without the networks that are left out. */
function crossValidated(table: Table, siblings: readonly Table[], group: (one: PublishedNetwork) => string) {
  const priors = new Map<string, Priors>();
  return leaveGroupsOut(table.samples, group, (some) => {
    const kept = new Set(some.map(group));
    const key = [...kept].sort().join();
    const known =
      priors.get(key) ??
      (hasRatios(table.mode)
        ? priorsOf(classRatios(siblings.map(({ samples }) => samples.filter((one) => kept.has(group(one))))))
        : modePriors(table.mode));
    priors.set(key, known);
    const rates = fitRates(some, known);
    return ({ work }) => timeOf(work, rates);
  });
}

function report(tables: readonly Table[]): void {
  console.log(
    'Networks that the fit has not seen: median / 90th percentile / worst, % off, ratios learnt without them',
  );
  for (const table of tables) {
    const siblings = tables.filter(({ mode }) => mode === table.mode);
    const networks = crossValidated(table, siblings, foldOf);
    const families = crossValidated(table, siblings, ({ family }) => family);
    const rho = rankCorrelation(networks.map(({ sample, predicted }) => [sample.milliseconds, predicted]))!;
    console.log(
      `${table.name} (${table.mode}, ${table.samples.length} networks): 20-fold ${percents(unseenError(networks))}   families ${percents(unseenError(families))}   rank correlation ${rho.toFixed(3)}`,
    );
    const rates = fitRates(table.samples, modePriors(table.mode));
    const of = (pick: (one: PublishedNetwork) => number): string => {
      const all = table.samples.map(pick);
      return `[${Math.min(...all)}, ${Math.max(...all)}]`;
    };
    const launchShares = table.samples.map(
      ({ work }) => (1e3 * rates.secondsPerLaunch * work.launches) / timeOf(work, rates),
    );
    console.log(
      `  ${JSON.stringify(rates, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(3)) : value))}`,
    );
    console.log(
      `  batch ${of(({ batch }) => batch)} side ${of(({ side }) => side)} multAdds ${of(({ multAdds }) => multAdds)} launches ${(100 * quantileOf(launchShares, 0.5)).toFixed(1)} to ${(100 * Math.max(...launchShares)).toFixed(1)} %`,
    );
  }
}

function reportRatios(tables: readonly Table[]): void {
  for (const mode of MODE_NAMES.filter(hasRatios)) {
    const siblings = tables.filter((table) => table.mode === mode);
    if (siblings.length === 0) continue;
    const learnt = classRatios(siblings.map(({ samples }) => samples));
    console.log(
      `ratios of ${mode}: ${JSON.stringify(learnt, (_, v: unknown) => (typeof v === 'number' ? Number(v.toPrecision(3)) : v))}`,
    );
  }
}

function reportShares(tables: readonly Table[]): void {
  for (const mode of MODE_NAMES) {
    const known = tables.flatMap(({ peaks, samples, ...table }) =>
      table.mode === mode && peaks !== undefined ? [{ peaks, rates: fitRates(samples, modePriors(mode)) }] : [],
    );
    if (known.length > 0) console.log(`shares of peaks, ${mode}: ${JSON.stringify(guessShares(known))}`);
  }
}

/** A device from its peaks alone, with ratios and shares of the other devices of its mode. */
function reportGuesses(tables: readonly Table[]): void {
  console.log('A device from its peak FLOP/s and bandwidth, by the devices of its mode that remain');
  for (const table of tables) {
    const others = tables.filter(
      ({ mode, peaks, name }) => mode === table.mode && peaks !== undefined && name !== table.name,
    );
    if (table.peaks === undefined || others.length === 0) continue;
    const guesses = leaveGroupsOut(
      table.samples,
      ({ family }) => family,
      (some) => {
        const kept = new Set(some.map(({ family }) => family));
        const seen = others.map(({ peaks, samples }) => ({
          peaks: peaks!,
          samples: samples.filter(({ family }) => kept.has(family)),
        }));
        const learnt = classRatios(seen.map(({ samples }) => samples));
        const shares = guessShares(
          seen.map(({ peaks, samples }) => ({ peaks, rates: fitRates(samples, priorsOf(learnt)) })),
        );
        const rates = guessedRates(table.peaks!, shares, learnt);
        return ({ work }) => timeOf(work, rates);
      },
    );
    console.log(`${table.name}: ${percents(unseenError(guesses))}`);
  }
}

/** The published time of the same network on another device of the mode, times the model's ratio. */
function reportTransfers(tables: readonly Table[]): void {
  console.log('A published time of the same network on another device of the mode, times the ratio of the predictions');
  for (const to of tables)
    for (const from of tables.filter(({ mode, name }) => mode === to.mode && name !== to.name)) {
      const there = new Map(from.samples.map((sample) => [sample.model, sample]));
      const [ratesFrom, ratesTo] = [from, to].map(({ samples, mode }) => fitRates(samples, modePriors(mode)));
      const moved = to.samples.flatMap((sample) => {
        const known = there.get(sample.model);
        if (known === undefined) return [];
        const factor = timeOf(sample.work, ratesTo!) / timeOf(known.work, ratesFrom!);
        return [{ sample, predicted: known.milliseconds * factor }];
      });
      console.log(`${from.name} -> ${to.name}: ${percents(unseenError(moved))} (${moved.length} networks)`);
    }
}

const [featurePath, ...given] = process.argv.slice(2);
if (featurePath === undefined || given.length === 0) {
  console.error('usage: npm run validate-predict -- FEATURES.csv[.gz] TABLE.csv=MODE[=TFLOPS,GBPS]...');
  process.exit(2);
}
const features = readFeatures(featurePath);
const tables = given.map((text): Table => {
  const [path, mode, peaks] = text.split('=') as [string, ModeName, string?];
  if (!MODE_NAMES.includes(mode)) throw new Error(`${text}: the mode is one of ${MODE_NAMES.join(', ')}`);
  const [tflops, gigabytes] = peaks?.split(',').map(Number) ?? [];
  return {
    name: path.replace(/^.*\/|\.csv$/g, ''),
    mode,
    peaks: peaks === undefined ? undefined : { flopsPerSecond: 1e12 * tflops!, bytesPerSecond: 1e9 * gigabytes! },
    samples: publishedTimes(path, features, MODES[mode].fusion),
  };
});
reportRatios(tables);
report(tables);
reportShares(tables);
reportGuesses(tables);
reportTransfers(tables);
