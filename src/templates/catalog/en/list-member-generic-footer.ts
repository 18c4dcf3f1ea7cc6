export default `____________________________________________________________
$display_name mailing list: $listname
To leave the list, write to $short_listname-leave@$domain
`;
