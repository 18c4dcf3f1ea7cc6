export default `La modération de la liste de diffusion $display_name a refusé votre
demande :

    $request

Motif du refus :

$reason

Pour toute question, veuillez écrire aux propriétaires de la liste :
$adminaddr.
`;
