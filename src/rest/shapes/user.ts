import type { User } from '../../model/user.ts';
import { idInJson, idInPath } from '../ids.ts';
import type { Call } from '../route.ts';
import { Moment, type Resource } from '../values.ts';

/** A user as the API shows it: with the hash of the password, as in Mailman, where there is one. */
export function userResource(call: Call, user: User): Resource {
  return {
    created_on: new Moment(user.createdOn),
    is_server_owner: user.isServerOwner,
    self_link: userLink(call, user.userId),
    user_id: idInJson(call.version, user.userId),
    ...(user.password ? { password: user.password } : {}),
    ...(user.displayName === '' ? {} : { display_name: user.displayName }),
  };
}

/** Where a user is. */
export function userLink(call: Call, userId: string): string {
  return call.link(`/users/${idInPath(call.version, userId)}`);
}
