export default `A member would like to leave the mailing list $listname and needs your
approval:

    $member

Please accept or refuse this request on the web pages of the list.
`;
