// Reads a model from text: a family's config, a config of layers, or a graph as JSON.

import type { Config, Model } from '../../model.js';
import { GRAPH_SCHEMAS } from '../../graph.js';
import { Problems, shown, type Path, type Problem } from '../../document/problem.js';
import { readDocument, type TextDocument, type TextScalar } from '../../document/document.js';
import { familyConfig } from './familyConfig.js';
import { freeConfig } from './freeConfig.js';
import { graphModel } from '../graphJson/graphModel.js';
import { WORDING } from '../../document/header.js';
import { baseName } from '../fileName.js';

/**
 * Reads YAML or JSON.
 * @param fileName starts every message; its base name is the model's where the text gives none
 * @throws InputError of one line, "file:line:column: what is wrong and what to do", here and from
 * the model's `build`
 */
export const readConfig = (text: string, fileName: string): Model => openConfig(text, fileName).model;

/** A model, and where its text says what. */
export interface OpenedConfig {
  readonly model: Model;
  /**
   * The line, from 1, of the value at a path or of what contains it. Absent where the text is a
   * graph as JSON.
   */
  readonly lineOf?: (path: Path) => number;
  /** Its plain values and where they stand; absent as `lineOf` is. */
  readonly scalars?: () => readonly TextScalar[];
}

/** As `readConfig`, with the lines of the text. */
export function openConfig(text: string, fileName: string): OpenedConfig {
  const graph = graphData(text);
  if (graph !== undefined) return { model: graphModel(graph, text, fileName) };
  const document = readDocument(text, fileName, WORDING);
  try {
    return { model: modelOf(document, baseName(fileName)), lineOf: document.lineOf, scalars: document.scalars };
  } catch (error) {
    throw error instanceof Problems ? document.refuse(error.problems) : error;
  }
}

function modelOf(document: TextDocument, fallbackName: string): Model {
  const { data } = document;
  const refused = (message: string): Problems => new Problems([{ message, path: [] } satisfies Problem]);
  if (data === null) throw refused(`the file is empty: ${WANTED}`);
  if (typeof data !== 'object' || Array.isArray(data))
    throw refused(`a config is a mapping, not ${shown(data)}: ${WANTED}`);
  const config = data as Config;
  if ('family' in config) return familyConfig(document, config, fallbackName);
  if ('layers' in config) return freeConfig(document, config, fallbackName);
  throw refused(`the config names neither a family nor layers: ${WANTED}`);
}

const WANTED = 'say family: with its fields, or input: and layers: of your own';

const GRAPH = /"flopscope\.graph\//;

/**
 * A graph is megabytes of JSON, for which JSON.parse is a hundred times as fast as a reader that
 * knows lines.
 */
function graphData(text: string): unknown {
  if (!GRAPH.test(text)) return undefined;
  try {
    const data = JSON.parse(text) as { readonly schema?: unknown } | null;
    return GRAPH_SCHEMAS.includes(data?.schema) ? data : undefined;
  } catch {
    // It is not a graph. The reader of configs reports the error with its line.
    return undefined;
  }
}
