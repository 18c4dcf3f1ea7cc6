export default `Too much mail to this member of $listname has bounced:

    $member

No more posts are sent to this address for the time being; the
membership itself remains. The last bounce is attached where it was
kept.

If you have questions, please write to the administrators of this
server at $site_email.
`;
