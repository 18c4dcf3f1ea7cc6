export default `The owners of the mailing list $listname invite you to become a member
with this address:

    $user_email

If you would like to join, just reply to this message without changing
its subject. Or send this line

    confirm $token

to $request_email.$confirm_by_web

If you would rather not join, you need not do anything: without your
reply nobody adds you to the list. Your questions are welcome at
$contact_address.
`;
