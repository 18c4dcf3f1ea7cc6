export default `A moderator of the $display_name mailing list has refused this request
of yours:

    $request

The moderator writes:

$reason

If you have questions, please write to the owners of the list at
$adminaddr.
`;
