import { dirname } from 'node:path';
import { type FolderProblem, folderProblem } from './folder.ts';
export type { FolderProblem };
