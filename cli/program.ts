// Which commands and flags are there? Each command's work is in a file of its own, loaded when it is called.

import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { PARTS, SORT_KEYS } from '../reports/profileView.js';
import type { CompareOptions } from './commands/compare.js';
import type { DoctorOptions } from './commands/doctor.js';
import type { FormulaOptions } from './commands/formula.js';
import type { ListOptions } from './commands/list.js';
import type { MeasureOptions } from './commands/measure.js';
import type { ProfileOptions } from './commands/profile.js';
import type { ReportOptions } from './commands/report.js';
import type { SetupOptions } from './commands/setup.js';
import { FORMATS } from './format.js';
import { ENGINE_NAMES } from '../src/engines/engine.js';
import type { Screen } from './screen.js';
import { VERSION } from './version.js';

const input = () =>
  new Option('--input <CxHxW>', 'input image, e.g. 3x224x224 (default: what the model was published for)');
const batch = () => new Option('--batch <n>', 'images per inference').default(1).argParser(wholeNumber);
const bytes = () =>
  new Option('--bytes-per-element <n>', '4 for fp32, 2 for fp16, 1 for int8').default(4).argParser(wholeNumber);
const format = () => new Option('--format <format>', 'how to print').choices(FORMATS).default('table');
const MODEL = 'built-in name (flopscope list) or a .yaml or .json config file';

export function program(screen: Screen): Command {
  const root = new Command('flopscope')
    .description(
      'What CNN backbones cost: multiply-adds, parameters and memory access, layer by layer and in closed form.',
    )
    .version(VERSION)
    .option('--debug', 'print stack traces of errors')
    .configureHelp({ showGlobalOptions: true });

  root
    .command('list')
    .description('every built-in model, by family')
    .addOption(format())
    .addHelpText('after', '\nExample:\n  flopscope list --format csv')
    .action(async (options: ListOptions) => (await import('./commands/list.js')).list(options, screen));

  root
    .command('profile')
    .description('counts of every layer, or summed by stage, block or op')
    .addArgument(new Argument('<model>', MODEL))
    .addOption(new Option('--by <part>', 'one row per').choices(PARTS).default('layer'))
    .addOption(input())
    .addOption(batch())
    .addOption(bytes())
    .addOption(new Option('--sort <column>', 'largest first').choices(SORT_KEYS))
    .addOption(new Option('--top <n>', 'only the first n rows').argParser(wholeNumber))
    .addOption(format())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope profile densenet121 --by stage\n  flopscope profile my-backbone.yaml --sort memoryAccess --top 10',
    )
    .action(async (model: string, options: ProfileOptions) =>
      (await import('./commands/profile.js')).profileCommand(model, options, screen),
    );

  root
    .command('formula')
    .description('closed forms of params, multiply-adds and memory access in n, h, w and config fields')
    .addArgument(new Argument('<model>', `${MODEL}, or a block: dense, osa, basic, bottleneck`))
    .addOption(
      new Option(
        '--symbol <field=name...>',
        'a symbol for a numeric config field, e.g. growth=g, channels.2=c, layers=L',
      ),
    )
    .addOption(new Option('--at <name=value,...>', 'values, e.g. h=224,w=224,n=1; another symbol works too: w=h'))
    .addOption(format())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope formula densenet121 --symbol growth=g --at n=1,w=h\n  flopscope formula osa --symbol layers=L',
    )
    .action(async (model: string, options: FormulaOptions) =>
      (await import('./commands/formula.js')).formulaCommand(model, options, screen),
    );

  const compared = root
    .command('compare')
    .description('models side by side, with ratios to the first; counted, and measured if you like')
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(new Option('--measure', 'run the models too, with the flags of flopscope measure').default(false))
    .addOption(new Option('--runs <run.json...>', 'compare runs that were measured before, here or elsewhere'))
    .addOption(bytes())
    .addOption(format())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope compare resnet50 densenet121 vovnet39\n  flopscope compare resnet50 vovnet39 --measure --batch 8\n  flopscope compare --runs here.json there.json',
    )
    .action(async (models: string[], options: CompareOptions) =>
      (await import('./commands/compare.js')).compareCommand(models, options, screen),
    );
  for (const option of measureOptions()) compared.addOption(option);

  const measured = root
    .command('measure')
    .description('run models for real: images/s, FLOP/s, utilisation, energy, layer by layer')
    .addArgument(new Argument('<models...>', MODEL))
    .addOption(new Option('-o, --output <run.json>', 'write the whole record'))
    .addOption(format())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope measure resnet50 densenet121 vovnet39 --batch 1,8 -o run.json\n  flopscope measure vovnet39 --layers',
    )
    .action(async (models: string[], options: MeasureOptions) =>
      (await import('./commands/measure.js')).measureCommand(models, options, screen),
    );
  for (const option of measureOptions()) measured.addOption(option);

  root
    .command('doctor')
    .description('which engines, renderers and GPUs work here, and what to do about the rest')
    .addOption(format())
    .addHelpText('after', '\nExample:\n  flopscope doctor --format json')
    .action(async (options: DoctorOptions) => (await import('./commands/doctor.js')).doctor(options, screen));

  root
    .command('setup')
    .description('set up TensorFlow for the tensorflow engine; without a route, explain both')
    .addArgument(new Argument('<engine>', 'the engine that needs it').choices(['tensorflow']))
    .addOption(
      new Option('--from-pip [dir]', "TensorFlow from pip, or the one in dir; tfjs-node's addon is compiled for it"),
    )
    .addOption(new Option('--package', 'the TensorFlow 2.9 that tfjs-node-gpu or tfjs-node downloads, for CUDA 11.2'))
    .addHelpText('after', '\nExample:\n  flopscope setup tensorflow\n  flopscope setup tensorflow --from-pip')
    .action(async (_engine: string, options: SetupOptions) =>
      (await import('./commands/setup.js')).setup(options, screen),
    );

  const reported = root
    .command('report')
    .description('one HTML page with the finding, charts and tables; counted, and measured if you like')
    .addArgument(new Argument('[models...]', MODEL))
    .addOption(new Option('-o, --output <file>', 'where to write it (default: report.html; markdown is printed)'))
    .addOption(
      new Option('--format <format>', 'a page, or a summary for a pull request')
        .choices(['html', 'markdown'])
        .default('html'),
    )
    .addOption(new Option('--measure', 'run the models too, with the flags of flopscope measure').default(false))
    .addOption(new Option('--runs <run.json...>', 'show runs that were measured before, here or elsewhere'))
    .addOption(new Option('--charts <folder>', 'each chart as PNG and SVG, too'))
    .addOption(new Option('--title <title>', 'of the page (default: the models)'))
    .addOption(new Option('--baseline <model>', 'what the others are compared to (default: the first)'))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope report resnet50 densenet121 vovnet39 -o report.html\n  flopscope report resnet50 vovnet39 --measure --layers --charts charts\n  flopscope report --runs run.json --format markdown',
    )
    .action(async (models: string[], options: ReportOptions) =>
      (await import('./commands/report.js')).reportCommand(models, options, screen),
    );
  for (const option of measureOptions()) reported.addOption(option);

  root
    .command('schema')
    .description('the JSON Schema of config files, for editors')
    .addHelpText('after', '\nExample:\n  flopscope schema > flopscope.schema.json')
    .action(async () => (await import('./commands/schema.js')).schema(screen));

  return root;
}

/** What a measurement can be told; also for commands that measure on the way. */
function measureOptions(): readonly Option[] {
  return [
    new Option('--engine <engine>', 'what runs the graph').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    input(),
    new Option('--batch <n,...>', 'images per inference, or several to measure one after the other')
      .default([1], '1')
      .argParser((text) => text.split(',').map(wholeNumber)),
    new Option('--layers', 'time every layer in a pass of its own').default(false),
    new Option('--eager', 'run every op as written: nothing is folded or fused').default(false),
    new Option('--warmups <n>', 'inferences before anything counts').default(3).argParser(wholeNumber),
    new Option('--windows <n>', 'timed windows').default(5).argParser(wholeNumber),
    new Option('--min-window <seconds>', 'least length of a window').default(1).argParser(seconds),
    new Option('--seed <n>', 'of weights and input').default(1).argParser(wholeNumber),
    new Option('--no-ceilings', 'skip the large matrix product and copy: no utilisation'),
    new Option('--allow-software', 'let a software driver play the GPU; every output says so').default(false),
    new Option(
      '--dawn-toggle <toggle...>',
      'settings for Dawn, recorded in the run, e.g. enable-dawn-features=disable_robustness',
    ),
  ];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.01 && value <= 600))
    throw new InvalidArgumentError('It must be a number of seconds from 0.01 to 600.');
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}
