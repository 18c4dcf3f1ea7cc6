export default `Demandes en attente de modération sur la liste de diffusion
$listname : $count

$data

Veuillez les examiner sur les pages web de la liste dès que vous en
aurez le temps.
`;
