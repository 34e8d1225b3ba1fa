// Tells from the members of an archive whether it is an exported program or something else.

/** How to get a file that is read. */
export const EXPORT = "torch.export.save(torch.export.export(model, (x,)), 'model.pt2')";

/**
 * What torch 2.1 to 2.7 wrote at the root, and what later ones write into a folder of the file's
 * name.
 */
export const OLD_PROGRAM = /^(?:[^/]+\/)?serialized_exported_program\.json$/;
export const PROGRAM = /^(?:[^/]+\/)?models\/([^/]+)\.json$/;
const FORMAT = /^(?:[^/]+\/)?archive_format$/;
const PICKLES = /^(?:[^/]+\/)?(?:data|constants)\.pkl$/;

type Names = readonly string[];
const some = (names: Names, pattern: RegExp): boolean => names.some((name) => pattern.test(name));

/** Whether PyTorch wrote an archive with these members. */
export const isOfTorch = (names: Names): boolean => [OLD_PROGRAM, FORMAT, PICKLES].some((kind) => some(names, kind));

/** What an archive without a program is. Nothing in it is unpickled. */
export function kindOfArchive(names: Names): string {
  const within = (pattern: string): boolean => some(names, new RegExp(`^(?:[^/]+/)?${pattern}`));
  if (within('data/aotinductor/')) return 'code that AOTInductor compiled, which holds no graph';
  if (within('code/')) return 'a TorchScript archive (torch.jit.save), which states no shapes';
  if (within('data\\.pkl$'))
    return 'what torch.save writes (a state dictionary or a pickled module), which holds weights and no graph';
  return 'an archive of PyTorch without an exported program';
}
