export default `____________________________________________________________
Liste de diffusion $display_name : $listname
Pour vous désabonner, écrivez à $short_listname-leave@$domain
`;
