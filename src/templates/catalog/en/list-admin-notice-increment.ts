export default `A message to this member of $listname has bounced, and the bounce
score of the address has gone up:

    $member

The bounce is attached where it was kept.

If you have questions, please write to the administrators of this
server at $site_email.
`;
