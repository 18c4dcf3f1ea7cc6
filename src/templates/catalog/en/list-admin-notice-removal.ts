export default `This address is no longer a member of the $mlist mailing list, because
mail to it has kept bouncing:

    $member

The last bounce is attached where it was kept.

If you have questions, please write to the administrators of this
server at $site_email.
`;
